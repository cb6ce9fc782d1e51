# Makes test/support/multinomial-glmnet.json: paths of glmnet's multinomial elastic net on the wine data, at a tight threshold.
#
# Needs: glmnet, jsonlite.   Run: Rscript multinomial-net.R RADBOOK_DATA/modelling/inputs/wine.csv > multinomial-glmnet.json
# Folds of the cross-validation: patient i (from 1) is in fold (i - 1) mod 5 + 1.
suppressMessages(library(glmnet))
d <- read.csv(commandArgs(TRUE)[1])
x <- as.matrix(d[, 3:15])
y <- factor(d$y)
fit <- function(grouped, alpha) {
  type <- if (grouped) "grouped" else "ungrouped"
  f <- glmnet(x, y, family = "multinomial", alpha = alpha, type.multinomial = type, lambda.min.ratio = .01,
              nlambda = 20, thresh = 1e-14, maxit = 1e7)
  at <- c(1, 5, 10, 15)
  beta <- lapply(at, function(i) t(sapply(f$beta, function(b) as.numeric(b[, i]))))
  a0 <- t(sapply(at, function(i) as.numeric(f$a0[, i])))
  list(grouped = grouped, alpha = alpha, lambda = f$lambda, at = at, beta = beta, a0 = a0, dev_ratio = f$dev.ratio)
}
fits <- list(fit(FALSE, 1), fit(FALSE, .5), fit(TRUE, 1), fit(TRUE, .5))
fold <- rep(1:5, length.out = nrow(x))
cv <- cv.glmnet(x, y, family = "multinomial", foldid = fold, lambda = fits[[4]]$lambda[1:15], alpha = .5,
                type.multinomial = "grouped", thresh = 1e-14, maxit = 1e7)
out <- list(
  versions = list(R = as.character(getRversion()), glmnet = as.character(packageVersion("glmnet"))),
  fits = fits,
  cv = list(lambda = cv$lambda, cvm = cv$cvm, cvsd = cv$cvsd, lambda_min = cv$lambda.min, lambda_1se = cv$lambda.1se)
)
cat(jsonlite::toJSON(out, digits = NA, auto_unbox = TRUE))
