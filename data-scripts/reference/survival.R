# Prints what test/support/survival-in-r.json holds: Fine-Gray regressions of R's cmprsk, and robust Cox errors of R's survival.
#
#   Rscript data-scripts/reference/survival.R RADBOOK_DATA/modelling/inputs > test/support/survival-in-r.json
#
# Needs R with cmprsk, survival and jsonlite (Debian 12: r-cran-cmprsk, r-cran-survival, r-cran-jsonlite).
suppressPackageStartupMessages({library(cmprsk); library(survival); library(jsonlite)})
inputs <- commandArgs(trailingOnly = TRUE)[1]
pbc <- read.csv(file.path(inputs, "pbc.csv"))
x <- cbind(age = pbc$age, edema = pbc$edema, logBili = log(pbc$bili))
regression <- function(time, cause) {
  fitted <- crr(time, pbc$status, x, failcode = cause, cencode = 0, gtol = 1e-13)
  list(
    cause = cause, coefficients = unname(fitted$coef), covariance = as.vector(fitted$var),
    logLikelihood = fitted$loglik, nullLogLikelihood = fitted$loglik.null,
    time = fitted$uftime, cumulativeHazard = cumsum(fitted$bfitj),
    # Of the first and the fourth patient, who differ in all columns.
    incidence = unname(predict(fitted, x[c(1, 4), ])[, -1])
  )
}
lung <- read.csv(file.path(inputs, "lung.csv"))
lung <- lung[complete.cases(lung[, c("age", "sex", "ph.karno", "inst")]), ]
robust <- function(ties, clustered) {
  formula <- Surv(time, event) ~ age + sex + ph.karno
  fitted <- if (clustered) coxph(formula, lung, ties = ties, cluster = inst) else coxph(formula, lung, ties = ties, robust = TRUE)
  list(ties = ties, clustered = clustered, coefficients = unname(coef(fitted)), covariance = as.vector(vcov(fitted)))
}
years <- ceiling(pbc$time / 365)
versions <- list(R = as.character(getRversion()), cmprsk = as.character(packageVersion("cmprsk")), survival = as.character(packageVersion("survival")))
cases <- list(
  versions = versions,
  days = list(regression(pbc$time, 2), regression(pbc$time, 1)),
  years = list(regression(years, 2)),
  robust = list(robust("efron", FALSE), robust("efron", TRUE), robust("breslow", FALSE), robust("breslow", TRUE))
)
cat(toJSON(cases, digits = I(17), auto_unbox = TRUE), "\n")
