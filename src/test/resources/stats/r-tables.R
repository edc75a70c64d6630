# Computes the tables that the statistics are tested against. R 4.2 (Debian: apt install r-base-core), no packages:
#   Rscript r-tables.R > r-tables.txt
# One case a line: what it tests, then fields name=value[,value...], separated by blanks. All input is rounded, so that
# both sides read the same numbers.
options(digits = 17, warn = -1)
text <- function(v) paste(format(v, digits = 15, trim = TRUE, scientific = NA), collapse = ",")
case <- function(kind, ...) {
    fields <- list(...)
    cat(kind, paste0(names(fields), "=", sapply(fields, text)), "\n")
}
cat("# written by r-tables.R with", R.version.string, "\n")
set.seed(20220113)

for (n in c(2, 3, 5, 6, 8, 10, 13, 20, 40)) {
    for (shift in c(0, 0.4)) {
        d <- round(rnorm(n, shift), 4)
        for (level in c(0.8, 0.95, 0.99, 0.998)) {
            # R falls back to a lower level when the exact one cannot be reached; such cases are marked.
            tail <- (1 - level) / 2
            reached <- 2 / 2^n <= (1 - level) * (1 + 1e-9)
            w <- wilcox.test(d, conf.int = TRUE, conf.level = level, exact = TRUE)
            case("signedrank", d = d, level = level, reached = as.numeric(reached), p = w$p.value,
                estimate = w$estimate, low = w$conf.int[1], high = w$conf.int[2])
        }
        t <- t.test(d)
        case("pairedt", d = d, p = t$p.value, estimate = t$estimate, low = t$conf.int[1], high = t$conf.int[2])
    }
}
# The exact distribution given ties, by enumerating all signs.
for (n in c(4, 7, 10)) {
    d <- round(rnorm(n, 0.5), 0) + 0.5
    d[1] <- d[2]
    r <- rank(abs(d))
    observed <- sum(r[d > 0])
    signs <- as.matrix(expand.grid(rep(list(0:1), n)))
    sums <- signs %*% r
    smaller <- min(observed, sum(r) - observed)
    case("ties", d = d, p = min(1, 2 * mean(sums <= smaller + 1e-9)))
}
for (i in 1:3) {
    n <- 150
    d <- round(rnorm(n, 0.1), 2)
    d <- d[d != 0]
    w <- wilcox.test(d, exact = FALSE, correct = TRUE)
    case("large", d = d, p = w$p.value)
}
for (n in c(2, 5, 12)) {
    a <- round(rnorm(n, 10), 4)
    b <- round(rnorm(n + 1, 10.7, 2), 4)
    t <- t.test(a, b)
    case("welch", a = a, b = b, p = t$p.value)
    u <- wilcox.test(b, a)
    case("superiority", head = b, base = a, a12 = unname(u$statistic) / (length(a) * length(b)))
    level <- 0.95
    f <- function(theta) (mean(b) - theta * mean(a))^2 - qt((1 + level) / 2, length(b) - 1)^2 * var(b) / length(b) -
        theta^2 * qt((1 + level) / 2, length(a) - 1)^2 * var(a) / length(a)
    e <- mean(b) / mean(a)
    if (n > 2) {
        case("fieller", base = a, head = b, level = level, estimate = e,
            low = uniroot(f, c(-20, e), tol = 1e-13)$root, high = uniroot(f, c(e, 50), tol = 1e-13)$root)
    }
}
for (n in c(1, 2, 5, 30)) {
    p <- round(rbeta(n, 0.5, 3), 6)
    case("multiplicity", p = p, holm = p.adjust(p, "holm"), bh = p.adjust(p, "BH"))
}
for (n in c(6, 8, 10, 15, 20, 30)) {
    case("detectable", blocks = n, value = (qt(0.975, n - 1) + qt(0.8, n - 1)) / sqrt(n))
}
