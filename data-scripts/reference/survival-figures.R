# Prints what test/support/survival-figures-in-r.json holds: what stands behind figures of survival models, by R's survival,
# splines and stats: lowess, natural splines through scaled Schoenfeld residuals, residuals, adjusted curves, weighted log-rank tests.
#
#   Rscript data-scripts/reference/survival-figures.R RADBOOK_DATA/modelling/inputs > test/support/survival-figures-in-r.json
#
# Needs R with survival and jsonlite (Debian 12: r-cran-survival, r-cran-jsonlite).
suppressPackageStartupMessages({library(survival); library(splines); library(jsonlite)})
inputs <- commandArgs(trailingOnly = TRUE)[1]
lung <- read.csv(file.path(inputs, "lung.csv"))
lung <- lung[complete.cases(lung[, c("age", "sex", "ph.karno")]), ]
veteran <- read.csv(file.path(inputs, "veteran.csv"))
formula <- Surv(time, event) ~ age + sex + ph.karno
fitted <- coxph(formula, lung, control = coxph.control(eps = 1e-12, toler.chol = 1e-14))

# Ties in x, steps of delta, robustness rounds: all branches of lowess.
smoothed <- function(x, y, f, iter, delta) {
  found <- lowess(x, y, f = f, iter = iter, delta = delta)
  list(x = x, y = y, f = f, iter = iter, delta = delta, at = found$x, value = found$y)
}
age <- lung$age
martingale <- residuals(coxph(Surv(time, event) ~ 1, lung), "martingale")
smooths <- list(
  smoothed(age, unname(martingale), 2 / 3, 3, 0.01 * diff(range(age))),
  smoothed(age, unname(martingale), 0.3, 0, 0),
  smoothed(veteran$karno, veteran$time, 0.5, 3, 0),
  smoothed(cars$speed, cars$dist, 2 / 3, 3, 0.01 * diff(range(cars$speed))),
  smoothed(cars$speed, cars$dist, 0.2, 3, 3)
)

# Straight lines, computed directly at each place; errors from the exact operator.
local <- function(x, y, span) {
  fitted <- loess(y ~ x, span = span, degree = 1, surface = "direct", statistics = "exact")
  at <- sort(unique(x))
  found <- predict(fitted, data.frame(x = at), se = TRUE)
  list(x = x, y = y, span = span, at = at, value = unname(found$fit), error = unname(found$se.fit),
    residualScale = found$residual.scale, degreesOfFreedom = fitted$one.delta)
}
locals <- list(
  local(cars$speed, cars$dist, 0.75), local(cars$speed, cars$dist, 0.4), local(age, unname(martingale), 0.75), local(veteran$karno, veteran$time, 0.5)
)

# As plot.cox.zph draws it: 4 degrees of freedom, 40 places.
drift <- function(transform) {
  zph <- cox.zph(fitted, transform = transform)
  at <- seq(min(zph$x), max(zph$x), length = 40)
  basis <- ns(c(at, zph$x), df = 4, intercept = TRUE)
  places <- basis[1:40, ]
  design <- basis[-(1:40), ]
  decomposed <- qr(design)
  inverse <- backsolve(decomposed$qr[1:4, 1:4], diag(4))
  spread <- rowSums((places %*% (inverse %*% t(inverse))) * places)
  list(
    transform = transform, times = zph$time, x = zph$x, at = at,
    residuals = unname(zph$y),
    fitted = sapply(1:3, function(i) as.vector(places %*% qr.coef(decomposed, zph$y[, i]))),
    error = sapply(1:3, function(i) sqrt(zph$var[i, i] * spread)),
    p = unname(zph$table[, "p"])
  )
}

# Marginal: every patient once with each sex. Average: the patients of each sex. Single: everybody as they are.
times <- sort(unique(lung$time))
expected <- function(data) {
  curves <- survfit(fitted, newdata = data, se.fit = FALSE)
  rowMeans(summary(curves, times = times)$surv)
}
adjusted <- list(
  time = times,
  single = expected(lung),
  average = sapply(1:2, function(s) expected(lung[lung$sex == s, ])),
  marginal = sapply(1:2, function(s) expected(transform(lung, sex = s)))
)
# Weights 1 / probability of the own group given the other covariates, then a weighted product limit by group.
probability <- fitted(glm(I(sex == 2) ~ age + ph.karno, binomial, lung, epsilon = 1e-14, maxit = 100))
weight <- ifelse(lung$sex == 2, 1 / probability, 1 / (1 - probability))
weighted <- survfit(Surv(time, event) ~ sex, lung, weights = weight)
adjusted$weight <- unname(weight)
adjusted$weighted <- sapply(1:2, function(s) summary(weighted[s], times = times, extend = TRUE)$surv)

# The martingale and partial residuals of the model, and of a model without covariates.
null <- coxph(Surv(time, event) ~ 1, lung)
other <- list(
  null = unname(residuals(null, "martingale")),
  partial = unname(residuals(fitted, "partial"))
)

# Weighted log-rank tests by the textbook's sums (Klein & Moeschberger 2003, section 7.3).
weightedTest <- function(y, group, name) {
  moments <- sort(unique(y$time[y$event == 1]))
  levels <- sort(unique(group))
  k <- length(levels)
  z <- numeric(k); v <- matrix(0, k, k); s <- 1; peto <- 1
  for (t in moments) {
    risk <- sapply(levels, function(l) sum(group == l & y$time >= t))
    died <- sapply(levels, function(l) sum(group == l & y$time == t & y$event == 1))
    n <- sum(risk); d <- sum(died)
    peto <- peto * (1 - d / (n + 1))
    w <- switch(name, "log-rank" = 1, "gehan-breslow" = n, "tarone-ware" = sqrt(n), "peto-peto" = peto,
      "modified-peto-peto" = peto * n / (n + 1), "late" = 1 - s, "middle" = s * (1 - s))
    z <- z + w * (died - d * risk / n)
    if (n > 1) v <- v + w^2 * d * (n - d) / (n - 1) * (diag(risk / n) - outer(risk / n, risk / n))
    s <- s * (1 - d / n)
  }
  chi <- drop(z[-1] %*% solve(v[-1, -1], z[-1]))
  list(test = name, chiSquare = chi, p = pchisq(chi, k - 1, lower.tail = FALSE))
}
tests <- lapply(c("log-rank", "gehan-breslow", "tarone-ware", "peto-peto", "modified-peto-peto", "late", "middle"),
  function(name) weightedTest(veteran, veteran$celltype, name))
# As survminer's pairwise_survdiff: each pair on its own, then p.adjust.
cells <- sort(unique(veteran$celltype))
pairs <- combn(length(cells), 2)
p <- apply(pairs, 2, function(two) {
  own <- veteran[veteran$celltype %in% cells[two], ]
  pchisq(survdiff(Surv(time, event) ~ celltype, own)$chisq, 1, lower.tail = FALSE)
})
pairwise <- list(
  first = cells[pairs[1, ]], second = cells[pairs[2, ]], p = p,
  holm = p.adjust(p, "holm"), bh = p.adjust(p, "BH")
)
versions <- list(R = as.character(getRversion()), survival = as.character(packageVersion("survival")))
cat(toJSON(list(
  versions = versions, smooths = smooths, locals = locals, drifts = list(drift("km"), drift("identity"), drift("log")),
  adjusted = adjusted, residuals = other, tests = tests, pairwise = pairwise
), digits = I(15), auto_unbox = TRUE), "\n")
