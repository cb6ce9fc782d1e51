# Prints what test/support/parametric-survival-in-r.json holds: parametric survival regressions of R's survival (survreg).
#
#   Rscript data-scripts/reference/parametric-survival.R RADBOOK_DATA/modelling/inputs > test/support/parametric-survival-in-r.json
#
# Needs R with survival and jsonlite (Debian 12: r-cran-survival, r-cran-jsonlite).
suppressPackageStartupMessages({library(survival); library(jsonlite)})
inputs <- commandArgs(trailingOnly = TRUE)[1]
lung <- read.csv(file.path(inputs, "lung.csv"))
lung <- lung[complete.cases(lung[, c("age", "sex", "ph.karno")]), ]
gbsg <- read.csv(file.path(inputs, "gbsg.csv"))
veteran <- read.csv(file.path(inputs, "veteran.csv"))
# survreg stops when the likelihood changes by less than this, relatively; its steps are Newton's.
exact <- survreg.control(rel.tolerance = 1e-15, toler.chol = 1e-14, maxiter = 100)
names <- c(exponential = "exponential", weibull = "weibull", "log-normal" = "lognormal", "log-logistic" = "loglogistic")
survivalOf <- list(exponential = function(z) exp(-exp(z)), weibull = function(z) exp(-exp(z)),
  lognormal = function(z) pnorm(-z), loglogistic = function(z) plogis(-z))
shares <- c(0.1, 0.5, 0.8)

fit <- function(data, input, columns, dist, weights = NULL) {
  formula <- if (length(columns) == 0) Surv(time, event) ~ 1 else reformulate(columns, "Surv(time, event)")
  environment(formula) <- environment()
  robust <- !is.null(weights) && any(weights != round(weights))
  if (is.null(weights)) weights <- rep(1, nrow(data))
  fitted <- survreg(formula, data, weights = weights, dist = names[[dist]], control = exact)
  # survreg(robust = TRUE) of 3.5-3 leaves the weights out of the patients' influence: its errors would change with weights twice as large.
  covariance <- if (robust) crossprod(residuals(fitted, "dfbeta", weighted = TRUE)) else fitted$var
  # The errors of predicted quantiles are delta-method ones, on the scale of ln time and of time.
  some <- data[c(1, 4, 11), ]
  log <- predict(fitted, some, type = "uquantile", p = shares, se.fit = TRUE)
  time <- predict(fitted, some, type = "quantile", p = shares)
  times <- unname(quantile(data$time, c(0.05, 0.3, 0.6, 0.95)))
  location <- predict(fitted, some, type = "lp")
  survival <- sapply(times, function(t) survivalOf[[names[[dist]]]]((log(t) - location) / fitted$scale))
  list(
    input = input, columns = as.list(columns), distribution = dist,
    coefficients = I(unname(coef(fitted))), scale = fitted$scale, covariance = I(as.vector(covariance)),
    logLikelihood = fitted$loglik[2], nullLogLikelihood = fitted$loglik[1], aic = AIC(fitted), bic = BIC(fitted),
    logQuantile = t(log$fit), logQuantileError = t(log$se.fit), quantile = t(time), times = times, survival = t(survival)
  )
}
weights <- list(frequency = 1 + (7 * (seq_len(nrow(lung)) - 1)) %% 4, sampling = (4 + (17 * (seq_len(nrow(lung)) - 1)) %% 23) / 10)
cases <- unlist(lapply(names(names), function(dist) list(
  fit(lung, "lung", c("age", "sex", "ph.karno"), dist),
  fit(gbsg, "gbsg", c("age", "size", "nodes"), dist),
  fit(veteran, "veteran", c("karno", "diagtime"), dist),
  fit(veteran, "veteran", character(0), dist)
)), recursive = FALSE)
weighted <- unlist(lapply(names(names), function(dist) lapply(names(weights), function(kind)
  c(list(weights = weights[[kind]]), fit(lung, "lung", c("age", "sex", "ph.karno"), dist, weights[[kind]])))), recursive = FALSE)
versions <- list(R = as.character(getRversion()), survival = as.character(packageVersion("survival")))
cat(toJSON(list(versions = versions, shares = shares, cases = cases, weighted = weighted), digits = I(15), auto_unbox = TRUE), "\n")
