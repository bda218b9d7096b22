# Numbers that hepatica/survival.py must find too, by R's package survival.
# Rscript tests/r_survival.R > tests/r_survival.csv   (columns: key, value)
suppressPackageStartupMessages(library(survival))

say <- function(key, value) cat(sprintf("%s,%.12g\n", key, value), sep = "")
cat("key,value\n")

# the data: numbers measured, and a sum weighted by the row, which sees a change of any cell
for (name in c("pbc", "pbcseq")) {
  rows <- get(name)
  rows$sex <- as.integer(rows$sex == "f")
  for (column in names(rows)) {
    known <- !is.na(rows[[column]])
    say(paste("data", name, column, "measured", sep = "/"), sum(known))
    say(paste("data", name, column, "weighted", sep = "/"), sum(seq_len(nrow(rows))[known] * rows[[column]][known]))
  }
}

p <- pbc
p$albi <- 0.66 * log10(17.1 * p$bili) - 0.085 * 10 * p$albumin
p$grade <- 1 + (p$albi > -2.6) + (p$albi > -1.39)
p$apri <- p$ast / 40 * 100 / p$platelet
p$any <- factor(p$status, 0:2, c("censored", "transplant", "death"))
years <- 1:5
bands <- list(all = rep(TRUE, nrow(p)), "1" = p$grade == 1, "2" = p$grade == 2, "3" = p$grade == 3)
events <- list(death = p$status == 2, "death or transplant" = p$status > 0)

for (event in names(events)) {
  p$happened <- events[[event]]
  for (band in names(bands)) {
    fit <- summary(survfit(Surv(time, happened) ~ 1, p[bands[[band]], ], conf.type = "log-log"), times = 365.25 * years)
    for (what in c("surv", "lower", "upper", "n.risk")) {
      say(paste("km", event, band, years, what, sep = "/"), fit[[what]])
    }
  }
  for (score in c("albi", "apri", "bili")) {
    found <- concordance(Surv(p$time, p$happened) ~ p[[score]], reverse = TRUE)
    say(paste("c", event, score, c("value", "error", "patients"), sep = "/"),
        c(found$concordance, sqrt(found$var), found$n))
  }
  trial <- p[1:312, ]
  rest <- p[313:418, ]
  rest <- rest[!is.na(rest$protime), ]
  model <- coxph(Surv(time, happened) ~ age + edema + log(bili) + log(protime) + log(albumin), trial)
  # ctype 1: Breslow's cumulative hazard, the one lifelines has (R's own choice after an Efron fit is Efron's)
  risk <- 1 - summary(survfit(model, newdata = rest, stype = 2, ctype = 1), times = 365.25 * years)$surv
  say(paste("cox", event, years, "mean", sep = "/"), rowMeans(risk))
  say(paste("cox", event, years, "first", sep = "/"), risk[, 1])
  say(paste("cox", event, "c", sep = "/"), concordance(model, newdata = rest)$concordance)
}

for (band in names(bands)) {
  fit <- summary(survfit(Surv(time, any) ~ 1, p[bands[[band]], ]), times = 365.25 * years)
  for (cause in 2:3) {
    say(paste("aj", band, fit$states[cause], years, "incidence", sep = "/"), fit$pstate[, cause])
    say(paste("aj", band, fit$states[cause], years, "error", sep = "/"), fit$std.err[, cause])
  }
}

arms <- survdiff(Surv(time, status == 2) ~ trt, pbc)
say("arms/chisq", arms$chisq)
say("median/days", unname(quantile(survfit(Surv(time, status == 2) ~ 1, pbc), 0.5)$quantile))
