# Numbers that hepatica/trials.py must find too, by R's package metafor.
# Rscript tests/r_metafor.R > tests/r_metafor.csv   (columns: key, value)
suppressPackageStartupMessages(library(metafor))

say <- function(key, value) cat(sprintf("%s,%.12g\n", key, value), sep = "")
cat("key,value\n")

# counts and means as they stand in data/trial_outcomes.csv, in the order of data/trials.csv
counts <- list(
  deaths = data.frame(ai = c(2, 2, 0, 15), n1 = c(28, 28, 27, 56), ci = c(4, 1, 3, 24), n2 = c(30, 27, 24, 54)),
  gcsf = data.frame(ai = c(54, 7, 14, 5, 2, 5, 9), n1 = c(88, 23, 27, 23, 18, 14, 42),
                    ci = c(51, 17, 22, 16, 14, 10, 15), n2 = c(88, 24, 28, 23, 20, 14, 42)),
  all = data.frame(
    ai = c(2, 2, 0, 15, 6, 47, 54, 7, 14, 5, 2, 5, 13, 9, 17, 9, 36, 5, 11),
    n1 = c(28, 28, 27, 56, 22, 96, 88, 23, 27, 23, 18, 14, 50, 29, 126, 42, 48, 12, 47),
    ci = c(4, 1, 3, 24, 5, 54, 51, 17, 22, 16, 14, 10, 29, 19, 30, 15, 11, 20, 36),
    n2 = c(30, 27, 24, 54, 23, 107, 88, 24, 28, 23, 20, 14, 50, 26, 127, 42, 24, 42, 89))
)
sets <- list()
for (name in names(counts)) for (measure in c("RR", "OR")) {
  d <- counts[[name]]
  sets[[paste(name, measure, sep = "-")]] <- escalc(measure, ai = ai, n1i = n1, ci = ci, n2i = n2, data = d)
}
# from the counts, without a correction for zeros
for (name in names(counts)) for (measure in c("RR", "OR", "RD", "Peto")) {
  d <- counts[[name]]
  asked <- list(ai = d$ai, n1i = d$n1, ci = d$ci, n2i = d$n2)
  fit <- if (measure == "Peto") do.call(rma.peto, asked) else do.call(rma.mh, c(asked, measure = measure))
  say(paste("from-counts", name, measure, c("estimate", "low", "high", "se"), sep = "/"), c(fit$b, fit$ci.lb, fit$ci.ub, fit$se))
}
gcsf <- counts$gcsf
sets[["survival-OR"]] <- escalc("OR", ai = n1 - ai, n1i = n1, ci = n2 - ci, n2i = n2, data = gcsf)
means <- data.frame(
  m1 = c(-2.00, -0.27, 15.75), s1 = c(1.87, 1.70, 5.13), n1 = c(6, 28, 22),
  m2 = c(-0.13, -0.30, 19.94), s2 = c(1.46, 1.93, 6.68), n2 = c(6, 27, 23))
meld <- escalc("MD", m1i = m1, sd1i = s1, n1i = n1, m2i = m2, sd2i = s2, n2i = n2, data = means)
brennan <- c(-0.87, (1.79 / (2 * 1.96))^2)
sets[["meld-MD"]] <- data.frame(yi = c(meld$yi[1:2], brennan[1], meld$yi[3]), vi = c(meld$vi[1:2], brennan[2], meld$vi[3]))
albumin <- data.frame(m1 = c(24.67, 40.65), s1 = c(3.88, 4.94), n1 = c(6, 16), m2 = c(21.8, 34.78), s2 = c(3.9, 4.92), n2 = c(5, 18))
sets[["albumin-MD"]] <- escalc("MD", m1i = m1, sd1i = s1, n1i = n1, m2i = m2, sd2i = s2, n2i = n2, data = albumin)

methods <- c(DL = "DL", PM = "PM", REML = "REML", fixed = "FE")
for (name in names(sets)) {
  d <- sets[[name]]
  k <- nrow(d)
  say(paste(name, "yi", seq_len(k), sep = "/"), d$yi)
  say(paste(name, "vi", seq_len(k), sep = "/"), d$vi)
  tight <- list(DL = list(), PM = list(tol = 1e-12, maxiter = 1000), REML = list(threshold = 1e-13, maxiter = 1000), fixed = list())
  for (method in names(methods)) for (test in c("z", "knha")) {
    if (method == "fixed" && test == "knha") next
    fit <- rma(yi, vi, data = d, method = methods[[method]], test = test, control = tight[[method]])
    found <- c(estimate = as.numeric(fit$b), low = fit$ci.lb, high = fit$ci.ub, tau2 = fit$tau2, q = fit$QE, se = fit$se)
    if (k > 2 && method != "fixed") {
      reach <- qt(0.975, k - 2) * sqrt(fit$tau2 + fit$se^2) # Higgins, Thompson and Spiegelhalter 2009
      found <- c(found, prediction_low = as.numeric(fit$b) - reach, prediction_high = as.numeric(fit$b) + reach)
    }
    say(paste(name, method, test, names(found), sep = "/"), found)
    say(paste(name, method, test, "weight", seq_len(k), sep = "/"), weights(fit) / 100)
  }
  dl <- rma(yi, vi, data = d, method = "DL")
  say(paste(name, "i2", sep = "/"), dl$I2)
  out <- suppressWarnings(leave1out(dl))
  say(paste(name, "without", seq_len(k), sep = "/"), out$estimate)
  if (k > 2) {
    egger <- regtest(d$yi, vi = d$vi, model = "lm")
    say(paste(name, "egger", c("t", "p"), sep = "/"), c(egger$zval, egger$pval))
    say(paste(name, "egger", "intercept", sep = "/"), coef(egger$fit)[[2]]) # of effect/error on 1/error
  }
}

# groups with a tau2 of their own, and the test between them
d <- sets[["gcsf-OR"]]
place <- c("Europe", rep("Asia", 5), "not read")
fits <- lapply(split(d, place), function(rows) rma(yi, vi, data = rows, method = "DL"))
for (each in names(fits)) say(paste("groups", each, c("estimate", "low", "high"), sep = "/"), c(fits[[each]]$b, fits[[each]]$ci.lb, fits[[each]]$ci.ub))
centres <- sapply(fits, function(fit) as.numeric(fit$b))
between <- rma(centres, sei = sapply(fits, function(fit) fit$se), method = "FE")
say("groups/difference_p", between$QEp)
added <- cumul(rma(yi, vi, data = sets[["deaths-RR"]], method = "DL"), order = c(2013, 2018, 2025, 2017))
say(paste("by-year", seq_len(4), sep = "/"), added$estimate)

# every reasonable analysis of the four trials with deaths (data/death_counts.csv), summed by model and measure
table_of <- function(...) as.data.frame(setNames(as.list(c(...)), c("ai", "n1i", "ci", "n2i")))
readings <- list(
  S = list(table_of(2, 28, 4, 30)), L = list(table_of(15, 56, 24, 54)),
  N = list(table_of(2, 28, 1, 27), table_of(2, 28, 1, 53), table_of(2, 28, 1, 26)),
  B = list(table_of(0, 27, 3, 24), table_of(0, 26, 3, 24), table_of(0, 27, 2, 24), table_of(2, 26, 7, 24), table_of(8, 26, 9, 24))
)
members <- list(c("S", "N", "B", "L"), c("S", "N", "B"), c("N", "B"), c("S", "L"), c("S", "N", "L"), c("S", "B", "L"))
ways <- list(fixed = c("FE", "z"), DL = c("DL", "z"), REML = c("REML", "z"), KH = c("DL", "knha"))
one <- function(d, measure, model, zero) {
  asked <- list(ai = d$ai, n1i = d$n1i, ci = d$ci, n2i = d$n2i)
  if (model == "Peto") return(do.call(rma.peto, asked))
  if (model == "MH") return(do.call(rma.mh, c(asked, measure = measure)))
  e <- do.call(escalc, c(asked, list(measure = measure, add = 0.5, to = if (zero == "every") "all" else "only0")))
  tight <- if (model == "REML") list(threshold = 1e-13, maxiter = 1000) else list()
  rma(e$yi, e$vi, method = ways[[model]][1], test = ways[[model]][2], control = tight)
}
sums <- list()
keep <- function(name, fit) sums[[name]] <<- (if (is.null(sums[[name]])) 0 else sums[[name]]) +
  c(n = 1, favour = as.numeric(fit$b < 0), exclude = as.numeric(fit$ci.ub < 0), centre = as.numeric(fit$b), low = fit$ci.lb, high = fit$ci.ub)
for (set in members) {
  picks <- expand.grid(lapply(readings[set], seq_along))
  for (row in seq_len(nrow(picks))) {
    d <- do.call(rbind, lapply(set, function(trial) readings[[trial]][[picks[row, trial]]]))
    full <- d[d$ai > 0 & d$ci > 0, ]
    zeros <- if (nrow(full) >= 2 && nrow(full) < nrow(d)) c("half", "every", "drop") else c("half", "every")
    for (measure in c("RR", "OR", "RD")) {
      for (model in names(ways)) for (zero in zeros)
        keep(paste(model, measure, sep = "/"), one(if (zero == "drop") full else d, measure, model, zero))
      keep(paste("MH", measure, sep = "/"), one(d, measure, "MH", ""))
    }
    keep("Peto/OR", one(d, "OR", "Peto", ""))
  }
}
for (name in names(sums)) say(paste("specifications", name, names(sums[[name]]), sep = "/"), sums[[name]])
