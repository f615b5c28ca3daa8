// Elementary functions of vectors: exp, tanh, logistic, softplus, and the normal distribution's cdf and density.
//
// Element by element and without a branch; NaN in, NaN out. Accuracy is stated in ulp, the spacing of T at the true
// result, and checked over the whole range by tests/test_elementary.cpp. With FMA every width gives the same bits: at
// most one term of a sum is a product that is rounded (simd.hpp says why).
//
// The polynomials are our own: minimax fits of the relative error by Remez exchange, worked in 50 digits (mpmath) and
// rounded to T, highest power first. Their error is below 0.1 ulp; the rest is rounding.
#pragma once

#include "kernels/simd.hpp"

namespace fitnet {
namespace FITNET_LEVEL_NAME {

template <class T>
struct Fit;

template <>
struct Fit<float> {
    static constexpr int FRACTION_BITS = 23;
    static constexpr int32_t SIGN = INT32_MIN;
    static constexpr int32_t LEADING = ~0xfff;     // keeps 12 of 24 bits: their square is exact
    static constexpr float ROUND = 0x1.8p23f;      // x + ROUND has its whole part in its lowest bits
    static constexpr float BIAS = 127;             // of the exponent
    static constexpr float LOWEST = -104;          // exp of less is 0
    static constexpr float HIGHEST = 89;           // exp of more is infinite
    static constexpr float TANH_IS_ONE = 10;       // beyond
    static constexpr float FARTHEST = 14.5f;       // the normal distribution's tail beyond is 0
    static constexpr float LN2_HIGH = 0x1.63p-1f;  // few bits, so that n * LN2_HIGH is exact
    static constexpr float LN2_LOW = -2.12194440055e-4f;
    // (exp(r) - 1 - r) / r^2 for |r| <= ln(2) / 2
    static constexpr float EXP[] = {0.00138146769899f, 0.00836870019211f, 0.041668385106f, 0.16666520811f,
                                    0.499999934694f};
    // (tanh(y) / y - 1) / y^2 in y^2, for 0 <= y <= 0.55
    static constexpr float TANH[] = {-0.00628234393398f, 0.021077790783f, -0.0538539037124f, 0.133326025913f,
                                     -0.333333180911f};
    // (atanh(s) / s - 1) / s^2 in s^2, for 0 <= s <= 1/3
    static constexpr float ATANH[] = {0.14010405563f, 0.1400000022f, 0.20010817883f, 0.333332072702f};
    // exp(y^2 / 2) * cdf(-y) = p / (sqrt(2 pi) y p + r), for 0 <= y <= FARTHEST
    static constexpr float TAIL_P[] = {0.00094085690979f, 0.0112572719309f, 0.0643594374347f,
                                       0.212982999751f,   0.407951192242f,  0.375f};
    static constexpr float TAIL_R[] = {0.00235857762957f, 0.0282073548738f, 0.156845094718f, 0.474330180763f, 0.75f};
};

template <>
struct Fit<double> {
    static constexpr int FRACTION_BITS = 52;
    static constexpr int64_t SIGN = INT64_MIN;
    static constexpr int64_t LEADING = ~0x7ffffff;  // keeps 26 of 53 bits
    static constexpr double ROUND = 0x1.8p52;
    static constexpr double BIAS = 1023;
    static constexpr double LOWEST = -746;
    static constexpr double HIGHEST = 710;
    static constexpr double TANH_IS_ONE = 20;
    static constexpr double FARTHEST = 39;
    static constexpr double LN2_HIGH = 0x1.62e42feep-1;
    static constexpr double LN2_LOW = 1.9082149292705877e-10;
    static constexpr double EXP[] = {2.499928978143529860047e-8, 2.763018569168589953272e-7, 2.755758870519364595078e-6,
                                     2.480149329308331212287e-5, 1.984126950416394676357e-4, 1.388888894342046857577e-3,
                                     8.333333333495426955084e-3, 4.166666666653106527445e-2, 1.666666666666641142076e-1,
                                     5.000000000000010501478e-1};
    static constexpr double TANH[] = {
        -1.952018322181831618379e-5, 8.335926987538085271165e-5,  -2.334126167161815963493e-4,
        5.884572058103274715238e-4,  -1.455546079258395359143e-3, 3.5920925579886880486e-3,
        -8.863232656624144059536e-3, 2.18694883894423052218e-2,   -5.396825396389555679434e-2,
        0.1333333333332687569693,    -0.3333333333333330013087};
    static constexpr double ATANH[] = {0.0850520013521126356468,  0.04172397011717786067565, 0.06052468506313754664478,
                                       0.06650565077524843178852, 0.07693273478489159153557, 0.09090872297215488063978,
                                       0.1111111197424434477638,  0.142857142741226418683,   0.2000000000007677610987,
                                       0.3333333333333315838115};
    static constexpr double TAIL_P[] = {3.250315486242692536e-8, 1.122803392534435937e-6, 1.914986566072771287e-5,
                                        2.103752051022702799e-4, 1.642331546095040119e-3, 9.525211098046800197e-3,
                                        4.178666225508223425e-2, 0.1386115577557888162,   0.3412908497126380899,
                                        0.5966186713868389832,   0.6719171735091041825,   0.375};
    static constexpr double TAIL_R[] = {8.147332699336570537e-8,
                                        2.814450730469093508e-6,
                                        4.783864807755552878e-5,
                                        5.21703535259058531e-4,
                                        4.02152626168242087e-3,
                                        2.284964222903947656e-2,
                                        9.69842069969881872e-2,
                                        0.3047599995201737287,
                                        0.6836802644837282337,
                                        1.002262164633732191,
                                        0.75};
};

template <class T, size_t N>
static inline Vector<T> polynomial(const T (&coefficients)[N], Vector<T> x) {
    Vector<T> p = broadcast<T>(coefficients[0]);
#pragma GCC unroll 16
    for (size_t i = 1; i < N; ++i) p = p * x + coefficients[i];
    return p;
}

template <class T>
static inline Vector<T> magnitude(Vector<T> v) {
    return (Vector<T>)((Mask<T>)v & ~Fit<T>::SIGN);
}

// exp(v) = 2^n * (1 + r + r^2 q), with n whole and |r| <= ln(2) / 2: the argument reduction of Cody and Waite (1980).
template <class T>
struct Reduced {
    Vector<T> n, r, q;
    Mask<T> power;  // 2^n as bits, where T has it as a normal number
};

// For high - low, which may have more digits than T: v is its rounded value, to choose n by.
template <class T>
static inline Reduced<T> reduce(Vector<T> v, Vector<T> high, Vector<T> low) {
    constexpr T LOG2_E = T(1.442695040888963407360L);
    constexpr T SHIFTED = Fit<T>::ROUND + Fit<T>::BIAS;
    const Vector<T> shifted = v * LOG2_E + SHIFTED;
    const Vector<T> n = shifted - SHIFTED;
    const Vector<T> r = (high - n * Fit<T>::LN2_HIGH) - low - n * Fit<T>::LN2_LOW;
    return {n, r, polynomial(Fit<T>::EXP, r), (Mask<T>)shifted << Fit<T>::FRACTION_BITS};
}

// 2^n * (1 + r + r^2 q), infinite or subnormal or 0 where it must be, rounded once.
template <class T>
static inline Vector<T> assemble(const Reduced<T>& e) {
    const Vector<T> p = (e.q * e.r + T(1)) * e.r + T(1);
    // 2^n may lie outside T's range, so it is two factors, 2^half * 2^(n - half), of which p * 2^half is exact.
    const Vector<T> half = e.n * T(0.5) + (Fit<T>::ROUND + Fit<T>::BIAS);
    const Mask<T> first = (Mask<T>)half << Fit<T>::FRACTION_BITS;
    const Mask<T> one = (Mask<T>)broadcast<T>(T(1));
    return p * (Vector<T>)first * (Vector<T>)(e.power - first + one);
}

// exp(v) to 1.2 ulp, subnormal results included.
template <class T>
static inline Vector<T> exponential(Vector<T> v) {
    v = v < Fit<T>::LOWEST ? broadcast<T>(Fit<T>::LOWEST) : v;
    v = v > Fit<T>::HIGHEST ? broadcast<T>(Fit<T>::HIGHEST) : v;
    return assemble<T>(reduce<T>(v, v, Vector<T>{}));
}

// tanh(v) to 1.6 ulp: an odd polynomial near 0, 1 - 2 / (exp(2|v|) + 1) beyond (as in Cephes; Moshier 1989).
template <class T>
static inline Vector<T> hyperbolic_tangent(Vector<T> v) {
    Vector<T> y = magnitude<T>(v);
    y = y > Fit<T>::TANH_IS_ONE ? broadcast<T>(Fit<T>::TANH_IS_ONE) : y;
    const Vector<T> w = y * y;
    const Vector<T> above_one = polynomial(Fit<T>::TANH, w) * w;
    const Vector<T> near = above_one * y + y;
    const Reduced<T> e = reduce<T>(y + y, y + y, Vector<T>{});
    const Vector<T> p = (e.q * e.r + T(1)) * e.r + T(1);
    const Vector<T> far = T(1) - T(2) / (p * (Vector<T>)e.power + T(1));
    const Vector<T> a = y < T(0.55) ? near : far;
    return (Vector<T>)((Mask<T>)a | ((Mask<T>)v & Fit<T>::SIGN));
}

// 1 / (1 + exp(-v)) to 2.5 ulp: with e = exp(-|v|) <= 1 nothing overflows, and e / (e + 1) keeps the left tail.
template <class T>
static inline Vector<T> logistic(Vector<T> v) {
    const Vector<T> e = exponential<T>(-magnitude<T>(v));
    return (v < T(0) ? e : broadcast<T>(T(1))) / (e + T(1));
}

// Softplus, log(1 + exp(v)), to 3 ulp: max(v, 0) + log1p(e) with e = exp(-|v|) <= 1, so nothing overflows, and
// log1p(e) = 2 atanh(e / (e + 2)), so nothing cancels.
template <class T>
static inline Vector<T> log1p_exp(Vector<T> v) {
    const Vector<T> e = exponential<T>(-magnitude<T>(v));
    const Vector<T> s = e / (e + T(2));
    const Vector<T> w = s * s;
    const Vector<T> twice = s + s;
    const Vector<T> above_one = polynomial(Fit<T>::ATANH, w) * w;
    const Vector<T> log1p = above_one * twice + twice;
    return (v > T(0) ? v : Vector<T>{}) + log1p;
}

// exp(-y^2 / 2) for 0 <= y <= FARTHEST. y^2 has too many digits for T: y^2 = leading^2 + (y - leading) (y + leading),
// whose first term is exact (fusing it changes nothing) and the other small.
template <class T>
static inline Vector<T> bell(Vector<T> y) {
    const Vector<T> leading = (Vector<T>)((Mask<T>)y & Fit<T>::LEADING);
    const Vector<T> high = leading * T(-0.5) * leading;
    const Vector<T> low = (y - leading) * T(0.5) * (y + leading);
    return assemble<T>(reduce<T>(y * T(-0.5) * y, high, low));
}

template <class T>
static inline Vector<T> within_tail(Vector<T> v) {
    const Vector<T> y = magnitude<T>(v);
    return y > Fit<T>::FARTHEST ? broadcast<T>(Fit<T>::FARTHEST) : y;
}

// The normal distribution's cdf, erfc(-v / sqrt(2)) / 2, to 5 ulp, in the left tail down to underflow too.
//
// cdf(-y) = exp(-y^2 / 2) / (sqrt(2 pi) y + rho), where rho falls from 2 at y = 0 to 1 / y far out (it is what
// Mills' ratio leaves over); rho = r / p, all terms positive, and its error counts for less the larger y is.
template <class T>
static inline Vector<T> normal_cdf(Vector<T> v) {
    constexpr T SQRT_2_PI = T(2.506628274631000502416L);
    const Vector<T> y = within_tail<T>(v);
    const Vector<T> p = polynomial(Fit<T>::TAIL_P, y);
    const Vector<T> r = polynomial(Fit<T>::TAIL_R, y);
    const Vector<T> tail = bell<T>(y) * p / (p * (y * SQRT_2_PI) + r);
    return v < T(0) ? tail : T(1) - tail;
}

// The normal distribution's density, exp(-v^2 / 2) / sqrt(2 pi), the cdf's derivative, to 2.5 ulp. It costs little
// beside normal_cdf(v): the compiler sees that they share their exponential.
template <class T>
static inline Vector<T> normal_density(Vector<T> v) {
    return bell<T>(within_tail<T>(v)) * T(0.398942280401432677940L);
}

}  // namespace FITNET_LEVEL_NAME
}  // namespace fitnet
