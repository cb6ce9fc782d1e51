# Prints what test/support/survival-in-r.json holds: Fine-Gray regressions of R's cmprsk; robust Cox
# errors, and calibration at a horizon, with R's survival.
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
# Model of the even rows of gbsg.csv, calibrated on the odd rows; the spline by hand, as Harrell's rcspline.eval with norm = 2.
calibration <- function(horizon) {
  gbsg <- read.csv(file.path(inputs, "gbsg.csv"))
  first <- seq_len(nrow(gbsg)) %% 2 == 1
  fitted <- coxph(Surv(time, event) ~ age + size + nodes, gbsg[!first, ], control = coxph.control(eps = 1e-12))
  test <- gbsg[first, ]
  survival <- as.vector(summary(survfit(fitted, newdata = test), times = horizon)$surv)
  risk <- 1 - survival
  scale <- log(-log(survival))
  k <- quantile(scale, c(0.1, 0.5, 0.9), names = FALSE)
  cube <- function(v) pmax(v, 0)^3
  spline <- (cube(scale - k[1]) - cube(scale - k[2]) * (k[3] - k[1]) / (k[3] - k[2]) +
    cube(scale - k[3]) * (k[2] - k[1]) / (k[3] - k[2])) / (k[3] - k[1])^2
  smooth <- coxph(Surv(time, event) ~ scale + spline, test, control = coxph.control(eps = 1e-12))
  observed <- 1 - as.vector(summary(survfit(smooth, newdata = data.frame(scale, spline)), times = horizon)$surv)
  slope <- coxph(Surv(time, event) ~ scale, test, control = coxph.control(eps = 1e-12))
  group <- integer(length(risk))
  group[order(risk)] <- floor((seq_along(risk) - 1) * 5 / length(risk))
  curves <- summary(survfit(Surv(time, event) ~ group, test, conf.type = "log-log"), times = horizon)
  whole <- summary(survfit(Surv(time, event) ~ 1, test), times = horizon)$surv
  distance <- abs(observed - risk)
  list(
    horizon = horizon, slope = unname(coef(slope)), slopeError = sqrt(vcov(slope)[1]), observedToExpected = (1 - whole) / mean(risk),
    ici = mean(distance), e50 = median(distance), e90 = quantile(distance, 0.9, names = FALSE),
    n = as.vector(table(group)), predicted = as.vector(tapply(risk, group, mean)), observed = 1 - curves$surv,
    lower = 1 - curves$upper, upper = 1 - curves$lower
  )
}
years <- ceiling(pbc$time / 365)
versions <- list(R = as.character(getRversion()), cmprsk = as.character(packageVersion("cmprsk")), survival = as.character(packageVersion("survival")))
cases <- list(
  versions = versions,
  days = list(regression(pbc$time, 2), regression(pbc$time, 1)),
  years = list(regression(years, 2)),
  robust = list(robust("efron", FALSE), robust("efron", TRUE), robust("breslow", FALSE), robust("breslow", TRUE)),
  calibration = calibration(1000)
)
cat(toJSON(cases, digits = I(17), auto_unbox = TRUE), "\n")
