# CPU seconds that lavaan takes: Rscript peer.R FOLDER
#
# FOLDER/<name>.lav is a model, FOLDER/<name>.csv data. A cold fit, and bootstrap draws by
# bootstrapLavaan(), each per fit, written to FOLDER/lavaan.csv.
suppressPackageStartupMessages(library(lavaan))
folder <- commandArgs(trailingOnly = TRUE)[1]
draws <- as.integer(commandArgs(trailingOnly = TRUE)[2])
names <- sub("[.]lav$", "", list.files(folder, "[.]lav$"))
rows <- lapply(names, function(name) {
  syntax <- readLines(file.path(folder, paste0(name, ".lav")))
  data <- read.csv(file.path(folder, paste0(name, ".csv")))
  sem(syntax, data)
  cold <- system.time(for (k in 1:3) fit <- sem(syntax, data))[["user.self"]] / 3
  set.seed(1)
  boot <- system.time(
    suppressWarnings(bootstrapLavaan(fit, R = draws, FUN = function(f) coef(f)))
  )[["user.self"]] / draws
  data.frame(name = name, cold = cold, draw = boot, chi2 = fitMeasures(fit)[["chisq"]])
})
write.csv(do.call(rbind, rows), file.path(folder, "lavaan.csv"), row.names = FALSE)
