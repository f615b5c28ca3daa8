/* At what temperature and density has the gas a given pressure and energy? Newton's method on the emulator in gas.h. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "gas.h"

int main(int count, char **words)
{
    const double wanted[2] = { count > 2 ? atof(words[1]) : 2.0, count > 2 ? atof(words[2]) : 4.0 };
    double x[GAS_INPUTS] = { 1.5, 0.8 }, y[GAS_OUTPUTS], J[GAS_OUTPUTS * GAS_NUMBERS];
    double away = 1;

    if (gas_self_test() != 0)
        return 2;
    for (int step = 0; step < 20 && away > 1e-12; ++step) {
        gas_jacobian(x, y, J);
        const double p = wanted[0] - y[0], e = wanted[1] - y[1], determinant = J[0] * J[3] - J[1] * J[2];
        x[0] += (p * J[3] - e * J[1]) / determinant; /* Cramer's rule */
        x[1] += (e * J[0] - p * J[2]) / determinant;
        away = fabs(p) + fabs(e);
        printf("%d: off by %.1e\n", step, away);
    }
    if (gas_predict(x, y) != GAS_OK || !(away <= 1e-12))
        return 1; /* no state within the ranges that the emulator knows */
    printf("temperature %.4f density %.4f\n", x[0], x[1]);
    return 0;
}
