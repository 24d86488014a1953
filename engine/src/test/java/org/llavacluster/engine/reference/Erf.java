package org.llavacluster.engine.reference;

/**
 * The error function: its Taylor series near zero, its continued fraction elsewhere (Abramowitz and Stegun 7.1.5,
 * 7.1.14).
 */
final class Erf {

    private Erf() {}

    static double of(double x) {
        if (Math.abs(x) < 2.5) {
            double term = x;
            double sum = x;
            for (int n = 1; n < 100; n++) {
                term *= -x * x / n;
                sum += term / (2 * n + 1);
            }
            return 2 / Math.sqrt(Math.PI) * sum;
        }
        double z = Math.abs(x);
        double fraction = z;
        for (int n = 60; n > 0; n--) {
            fraction = z + n / 2.0 / fraction;
        }
        return Math.signum(x) * (1 - Math.exp(-z * z) / (Math.sqrt(Math.PI) * fraction));
    }
}
