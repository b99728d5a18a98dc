# Fit models with lavaan: Rscript ask_lavaan.R FOLDER
#
# FOLDER/models.csv has a row a model: index, n. FOLDER/<index>.lav is its syntax with every
# parameter written out, FOLDER/<index>.csv its covariance matrix with denominator n. Writes
# FOLDER/estimates.csv.
suppressPackageStartupMessages(library(lavaan))
folder <- commandArgs(trailingOnly = TRUE)[1]
models <- read.csv(file.path(folder, "models.csv"))
tables <- lapply(seq_len(nrow(models)), function(row) {
  index <- models$index[row]
  syntax <- readLines(file.path(folder, paste0(index, ".lav")))
  matrix <- as.matrix(read.csv(file.path(folder, paste0(index, ".csv")), check.names = FALSE))
  rownames(matrix) <- colnames(matrix)
  fit <- suppressWarnings(lavaan(
    syntax,
    sample.cov = matrix, sample.nobs = models$n[row], sample.cov.rescale = FALSE, fixed.x = TRUE
  ))
  table <- parameterEstimates(fit)
  cbind(index = index, table[table$se > 0, c("lhs", "op", "rhs", "est", "se")])
})
options(digits = 15)
write.csv(do.call(rbind, tables), file.path(folder, "estimates.csv"), row.names = FALSE)
