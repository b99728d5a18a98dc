# Fit models with lavaan: Rscript ask_lavaan.R < models.csv > estimates.csv
#
# A row a model: index, n, syntax with every parameter written out, variables, and their covariances
# with denominator n, by rows. Writes a row a parameter with a standard error: index, lhs, op, rhs,
# est, se; or one with why_not where lavaan has no opinion. Ends with status 3 where R has no lavaan.
if (!suppressPackageStartupMessages(require(lavaan, quietly = TRUE))) quit(status = 3)
models <- read.csv(file("stdin"), colClasses = "character")
ask <- function(model) {
  variables <- strsplit(model$variables, " ")[[1]]
  cells <- as.numeric(strsplit(model$covariances, " ")[[1]])
  matrix <- matrix(cells, length(variables), dimnames = list(variables, variables))
  fit <- suppressWarnings(lavaan(
    model$syntax,
    sample.cov = matrix, sample.nobs = as.integer(model$n),
    sample.cov.rescale = FALSE, fixed.x = TRUE,
    # Estimates and standard errors are all that is asked for.
    test = "none", baseline = FALSE, h1 = FALSE, loglik = FALSE
  ))
  if (!lavInspect(fit, "converged")) stop("did not converge")
  table <- parameterEstimates(fit)
  table <- table[which(table$se > 0 & table$op != ":="), c("lhs", "op", "rhs", "est", "se")]
  if (nrow(table) == 0) stop("gives no standard errors")
  cbind(index = model$index, table, why_not = "")
}
no_opinion <- function(index, reason) {
  reason <- gsub("[[:space:]]+", " ", sub("^ *lavaan ERROR: *", "", trimws(reason)))
  data.frame(
    index = index, lhs = "", op = "", rhs = "", est = NA, se = NA, why_not = reason
  )
}
tables <- lapply(seq_len(nrow(models)), function(row) {
  model <- models[row, ]
  tryCatch(ask(model), error = function(e) no_opinion(model$index, conditionMessage(e)))
})
options(digits = 15)
write.csv(do.call(rbind, tables), stdout(), row.names = FALSE)
