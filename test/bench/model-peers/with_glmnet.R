# Times glmnet: WORK FOLDER REPEATS THREADS -> JSON (see model-support.ts).
suppressPackageStartupMessages({library(glmnet); library(survival)})
args <- commandArgs(trailingOnly = TRUE)
work <- args[1]; folder <- args[2]; repeats <- as.integer(args[3])
status <- function(key) as.numeric(sub("\\D*(\\d+).*", "\\1", grep(key, readLines("/proc/self/status"), value = TRUE)[1])) / 1024
idle <- status("VmRSS")
input <- function(name) {
  file <- file.path(folder, paste0(name, ".f64"))
  readBin(file, "double", file.size(file) / 8)
}
output <- function(values, name) writeBin(as.double(values), file.path(folder, paste0(name, ".f64")))
group <- input("group")
x <- matrix(input("x"), nrow = length(group))
fitted <- NULL
run <- if (startsWith(work, "cox")) {
  y <- Surv(input("time"), input("event"))
  fold <- input("fold")
  if (work == "cox-cv") {
    function() fitted <<- cv.glmnet(x, y, family = "cox", foldid = fold, lambda.min.ratio = 0.01)$glmnet.fit
  } else {
    function() fitted <<- glmnet(x, y, family = "cox", lambda.min.ratio = 0.01)
  }
} else {
  # Each fit gets the penalties down to the one in question, as its authors advise.
  lambda <- glmnet(x, group, family = "binomial", nlambda = 20, lambda.min.ratio = 0.5)$lambda
  if (work == "logistic-one") {
    function() fitted <<- glmnet(x, group, family = "binomial", lambda = lambda)
  } else {
    function() {
      set.seed(7)
      counts <- numeric(ncol(x))
      for (draw in seq_len(100)) {
        rows <- sample(nrow(x), replace = TRUE)
        fit <- glmnet(x[rows, ], group[rows], family = "binomial", lambda = lambda)
        counts <- counts + (as.vector(coef(fit, s = lambda[20]))[-1] != 0)
      }
    }
  }
}
seconds <- cpu <- numeric(0)
for (i in seq_len(repeats)) {
  took <- system.time(run())
  seconds <- c(seconds, took[["elapsed"]])
  cpu <- c(cpu, took[["user.self"]] + took[["sys.self"]])
}
peak <- status("VmHWM")
if (work == "cox-cv" && basename(folder) == "small") {
  output(fitted$lambda, "glmnet-lambda")
  output(as.matrix(fitted$beta), "glmnet-beta")
}
list_of <- function(values) paste0("[", paste(values, collapse = ","), "]")
cat(sprintf('{"seconds": %s, "cpu": %s, "peakMb": %f, "idleMb": %f}\n', list_of(seconds), list_of(cpu), peak, idle))
