# Prints what test/support/weighted-survival-in-r.json holds: Kaplan-Meier, Cox regression and concordance with case weights of
# R's survival, and a weighted Cox elastic net of glmnet.
#
#   Rscript data-scripts/reference/weighted-survival.R RADBOOK_DATA/modelling/inputs > test/support/weighted-survival-in-r.json
#
# Needs R with survival, glmnet and jsonlite (Debian 12: r-cran-survival, r-cran-glmnet, r-cran-jsonlite).
suppressPackageStartupMessages({library(survival); library(glmnet); library(jsonlite)})
inputs <- commandArgs(trailingOnly = TRUE)[1]
lung <- read.csv(file.path(inputs, "lung.csv"))
lung <- lung[complete.cases(lung[, c("age", "sex", "ph.karno", "inst")]), ]
# Months, so that most events are tied.
lung$months <- ceiling(lung$time / 30)
row <- seq_len(nrow(lung)) - 1
weights <- list(frequency = 1 + (7 * row) %% 4, sampling = (4 + (17 * row) %% 23) / 10)
# Residuals of every seventh patient.
some <- seq(1, nrow(lung), 7)
exact <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 50)

curve <- function(w, type) {
  fitted <- survfit(Surv(months, event) ~ 1, lung, weights = w, conf.type = type)
  quantiles <- quantile(fitted, c(0.25, 0.5))
  list(
    interval = type, time = fitted$time, atRisk = fitted$n.risk, event = fitted$n.event, survival = fitted$surv,
    # survfit keeps the error of ln S, but that of S where it is robust.
    error = if (fitted$logse) fitted$std.err * fitted$surv else fitted$std.err,
    lower = fitted$lower, upper = fitted$upper, hazard = fitted$cumhaz, hazardError = fitted$std.chaz,
    quantile = unname(quantiles$quantile), quantileLower = unname(quantiles$lower), quantileUpper = unname(quantiles$upper),
    mean = unname(summary(fitted, rmean = 20)$table["rmean"])
  )
}
regression <- function(w, ties, stratified) {
  formula <- if (stratified) Surv(months, event) ~ age + ph.karno + strata(sex) else Surv(months, event) ~ age + sex + ph.karno
  fitted <- coxph(formula, lung, weights = w, ties = ties, control = exact)
  clustered <- coxph(formula, lung, weights = w, ties = ties, cluster = inst, control = exact)
  naive <- if (is.null(fitted$naive.var)) fitted$var else fitted$naive.var
  concordance <- concordance(fitted)
  baseline <- basehaz(fitted, centered = FALSE)
  predicted <- if (stratified) NULL else survfit(fitted, newdata = lung[c(1, 4), ])
  list(
    ties = ties, stratified = stratified, coefficients = unname(coef(fitted)), covariance = as.vector(fitted$var),
    naiveCovariance = as.vector(naive), clustered = as.vector(clustered$var), means = unname(fitted$means),
    logLikelihood = fitted$loglik[2], nullLogLikelihood = fitted$loglik[1], score = unname(fitted$score), wald = unname(fitted$wald.test),
    martingale = unname(residuals(fitted, "martingale"))[some], deviance = unname(residuals(fitted, "deviance"))[some],
    scoreResiduals = as.vector(residuals(fitted, "score", weighted = TRUE)[some, ]), dfbeta = as.vector(residuals(fitted, "dfbeta")[some, ]),
    dfbetas = as.vector(residuals(fitted, "dfbetas")[some, ]),
    # By covariate: sums over the events, which do not depend on the order of tied ones.
    schoenfeld = unname(colSums(residuals(fitted, "schoenfeld")^2)), scaledSchoenfeld = unname(colSums(residuals(fitted, "scaledsch")^2)),
    zph = unname(cox.zph(fitted, "km")$table[, "chisq"]), zphIdentity = unname(cox.zph(fitted, "identity")$table[, "chisq"]),
    concordance = unname(concordance$concordance), concordanceError = sqrt(concordance$var), pairs = unname(if (stratified) colSums(concordance$count) else concordance$count),
    hazard = baseline$hazard,
    survival = if (stratified) NULL else t(predicted$surv), hazardError = if (stratified) NULL else t(predicted$std.err)
  )
}
net <- function(w, alpha) {
  gse <- read.csv(file.path(inputs, "gse7390.csv"))
  x <- as.matrix(gse[, grep("^X", names(gse))[1:30]])
  # A day apart, so that no event is tied: glmnet 4.1-6 has another rule than Breslow's for some ties.
  y <- Surv(gse$time + (seq_len(nrow(gse)) - 1) / 1024, gse$event)
  w <- rep(w, length.out = nrow(gse))
  path <- glmnet(x, y, family = "cox", weights = w, alpha = alpha, lambda.min.ratio = 0.05, nlambda = 12, thresh = 1e-22, maxit = 1e8)
  # As cv.glmnet, which in 4.1-6 scales the weights of all patients and of the training part by two different factors.
  folds <- sort(unique(gse$fold))
  score <- sapply(folds, function(fold) {
    train <- gse$fold != fold
    fitted <- glmnet(x[train, ], y[train], family = "cox", weights = w[train], alpha = alpha, lambda = path$lambda, thresh = 1e-22, maxit = 1e8)
    all <- coxnet.deviance(x = x, y = y, weights = w, beta = fitted$beta, std.weights = FALSE)
    (all - coxnet.deviance(x = x[train, ], y = y[train], weights = w[train], beta = fitted$beta, std.weights = FALSE)) / sum((w * gse$event)[!train])
  })
  known <- as.vector(tapply(w * gse$event, gse$fold, sum))
  cvm <- apply(score, 1, weighted.mean, w = known)
  cvsd <- sqrt(apply((score - cvm)^2, 1, weighted.mean, w = known) / (length(folds) - 1))
  at <- c(3, 7, 12)
  list(
    alpha = alpha, columns = colnames(x), weights = w, lambda = path$lambda, devianceRatio = path$dev.ratio, at = at - 1,
    coefficients = t(unname(as.matrix(path$beta)[, at])), cvm = cvm, cvsd = cvsd,
    lambdaMin = path$lambda[which.min(cvm)], lambda1se = path$lambda[min(which(cvm <= min(cvm) + cvsd[which.min(cvm)]))]
  )
}
cases <- list(
  versions = list(R = as.character(getRversion()), survival = as.character(packageVersion("survival")), glmnet = as.character(packageVersion("glmnet"))),
  weights = weights,
  curves = list(
    frequency = list(curve(weights$frequency, "log"), curve(weights$frequency, "log-log")),
    sampling = list(curve(weights$sampling, "log"), curve(weights$sampling, "log-log"), curve(weights$sampling, "plain"))
  ),
  regressions = list(
    frequency = list(regression(weights$frequency, "efron", FALSE), regression(weights$frequency, "breslow", FALSE)),
    sampling = list(regression(weights$sampling, "efron", FALSE), regression(weights$sampling, "breslow", FALSE), regression(weights$sampling, "efron", TRUE))
  ),
  nets = list(net(weights$sampling, 1), net(weights$frequency, 0.5))
)
cat(toJSON(cases, digits = I(15), auto_unbox = TRUE, na = "string"), "\n")
