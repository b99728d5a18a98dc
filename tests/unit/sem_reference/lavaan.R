# What lavaan says about every case: Rscript lavaan.R cases.json answers.json
#
# The calls are sem(model, sample.cov =, sample.nobs =) with lavaan's defaults, except that the
# optimiser goes on to its tightest tolerance.
suppressPackageStartupMessages({
  library(lavaan)
  library(jsonlite)
})
arguments <- commandArgs(trailingOnly = TRUE)
cases <- fromJSON(arguments[1], simplifyVector = FALSE)
# Tightest first: NLMINB calls it false convergence when asked for more than it can resolve.
tolerances <- c(1e-15, 1e-14, 1e-13, 1e-12, 1e-11, 1e-10)
measures <- c(
  "fmin", "npar", "chisq", "df", "pvalue", "baseline.chisq", "baseline.df", "cfi", "tli", "logl",
  "aic", "bic", "bic2", "rmsea", "rmsea.ci.lower", "rmsea.ci.upper", "rmsea.pvalue", "srmr"
)
answers <- lapply(cases, function(case) {
  names <- unlist(case$names)
  matrix <- matrix(unlist(case$matrix), length(names), dimnames = list(names, names))
  options <- list(
    model = case$model, sample.cov = matrix, sample.nobs = case$n, std.lv = case$std_lv,
    sample.cov.rescale = case$rescale
  )
  # With constraints lavaan 0.6-14 stops before they hold unless its own tolerances stand.
  for (tolerance in if (grepl("==", case$model)) NA else tolerances) {
    control <- list()
    if (!is.na(tolerance)) {
      control <- list(rel.tol = tolerance, x.tol = tolerance, iter.max = 2000, eval.max = 4000)
    }
    fit <- suppressWarnings(do.call("sem", c(options, list(control = control))))
    if (lavInspect(fit, "converged")) break
  }
  if (!lavInspect(fit, "converged")) return(list(measures = list(converged = FALSE)))
  table <- parameterEstimates(fit, standardized = TRUE, remove.system.eq = TRUE)
  answer <- list(
    estimates = table[c("lhs", "op", "rhs", "est", "se", "std.all")],
    measures = as.list(fitMeasures(fit)[measures]),
    implied = fitted(fit)$cov[names[names %in% lavNames(fit)], names[names %in% lavNames(fit)]],
    r2 = as.list(lavInspect(fit, "rsquare"))
  )
  answer$measures$converged <- lavInspect(fit, "converged")
  mi <- try(suppressWarnings(modindices(fit)), silent = TRUE)
  if (!inherits(mi, "try-error") && nrow(mi) > 0) {
    answer$modification <- mi[c("lhs", "op", "rhs", "mi", "epc")]
  }
  # `modindices()` tests all that may be added together, so that where two are one and the same
  # effect neither is what it is alone. `lavTestScore()` is told what to add.
  if (length(case$added) > 0) {
    added <- paste(unlist(case$added), collapse = "\n")
    score <- try(suppressWarnings(lavTestScore(fit, add = added)$uni), silent = TRUE)
    if (!inherits(score, "try-error")) {
      answer$score <- setNames(as.list(score$X2), score$lhs)
    }
  }
  answer
})
write_json(answers, arguments[2], digits = I(12), auto_unbox = TRUE, na = "null")
