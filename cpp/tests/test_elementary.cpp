// The elementary functions of one level against the C library's long double, over the whole range of float and double.
//
// Compile for a level and run, for example
//   g++ -std=c++17 -O3 -march=x86-64-v3 -DFITNET_LEVEL_NAME=avx2 -DFITNET_VECTOR_BYTES=32
//       -ffp-contract=fast -fno-math-errno -fno-trapping-math cpp/tests/test_elementary.cpp && ./a.out
// It prints the largest error of each function and exits with 1 if one is above its bound. With a file name it also
// writes every result there, so that two levels' bits can be compared (cmp).
#include <cmath>
#include <cstdio>
#include <limits>
#include <type_traits>
#include <vector>

#include "kernels/elementary.hpp"

using namespace fitnet::FITNET_LEVEL_NAME;

static int failures = 0;
static std::FILE* record = nullptr;

static_assert(std::numeric_limits<long double>::digits >= 64, "the reference must be more exact than double");

// For float, double is exact enough, and faster.
template <class T>
using Reference = std::conditional_t<sizeof(T) == 4, double, long double>;

template <class R>
static R exp_reference(R v) {
    return std::exp(v);
}
template <class R>
static R tanh_reference(R v) {
    return std::tanh(v);
}
template <class R>
static R logistic_reference(R v) {
    return v < 0 ? std::exp(v) / (1 + std::exp(v)) : 1 / (1 + std::exp(-v));
}
template <class R>
static R log1p_exp_reference(R v) {
    return v < 0 ? std::log1p(std::exp(v)) : v + std::log1p(std::exp(-v));
}

// The C library gets x = -v / sqrt(2) rounded, which changes the tail by the factor exp(v^2 / 2 - x^2): undone here.
template <class R>
static R normal_cdf_reference(R v) {
    const R x = -v / std::sqrt(R(2));
    const R uncorrected = std::erfc(x) / 2;
    if (!(x > 1) || std::isinf(x)) return uncorrected;
    const R square = v * v / 2;
    const R excess = std::fma(x, x, -square) - std::fma(v / 2, v, -square);
    return uncorrected + uncorrected * excess;
}

template <class R>
static R normal_density_reference(R v) {
    const R square = v * v / 2;
    if (square > 12000) return 0;
    return std::exp(-square) * (1 - std::fma(v / 2, v, -square)) / std::sqrt(8 * std::atan(R(1)));
}

// The spacing of T at x, which is finite in T.
template <class T>
static double spacing(Reference<T> x) {
    const T at = std::fabs(T(x));
    const int lowest = std::numeric_limits<T>::min_exponent - std::numeric_limits<T>::digits;
    int exponent = lowest;
    if (at >= std::numeric_limits<T>::min()) exponent = std::ilogb(at) - std::numeric_limits<T>::digits + 1;
    return std::ldexp(1.0, exponent);
}

template <class T>
static double error_in_ulp(T result, Reference<T> truth) {
    if (std::isnan(truth)) return std::isnan(result) ? 0 : INFINITY;
    if (result == T(truth)) return std::signbit(result) == std::signbit(truth) ? 0 : INFINITY;
    if (!std::isfinite(result) || !std::isfinite(T(truth))) return INFINITY;
    return std::fabs(double((Reference<T>(result) - truth) / Reference<T>(spacing<T>(truth))));
}

template <class T, class Function>
static void check(const char* name, double bound, const std::vector<T>& values, Function function,
                  Reference<T> (*reference)(Reference<T>)) {
    std::vector<T> results(values.size());
    for (size_t i = 0; i < values.size(); i += LANES<T>) store<T>(&results[i], function(load<T>(&values[i])));
    double worst = 0;
    T where = 0;
    for (size_t i = 0; i < values.size(); ++i) {
        const double error = error_in_ulp<T>(results[i], reference(values[i]));
        if (!(error <= worst)) worst = error, where = values[i];
    }
    if (record) std::fwrite(results.data(), sizeof(T), results.size(), record);
    const bool good = worst <= bound;
    std::printf("%-8s %-15s %6.2f ulp at %-24.17g (bound %.1f)%s\n", sizeof(T) == 4 ? "float" : "double", name, worst,
                double(where), bound, good ? "" : "  FAILED");
    failures += !good;
}

// Special values, every exponent, and evenly spaced values where the functions are neither 0 nor 1.
template <class T>
static std::vector<T> sample() {
    using Limits = std::numeric_limits<T>;
    std::vector<T> values = {
        0, Limits::denorm_min(), Limits::min(), 1, Limits::max(), Limits::infinity(), Limits::quiet_NaN()};
    using Bits = std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>;
    const Bits infinity = sizeof(T) == 4 ? Bits(0x7f800000) : Bits(0x7ff0000000000000);
    const Bits step = infinity / (sizeof(T) == 4 ? 1000000 : 250000) | 1;
    for (Bits bits = 1; bits < infinity; bits += step) {
        T value;
        std::memcpy(&value, &bits, sizeof value);
        values.push_back(value);
    }
    for (T range : {T(1), T(20), T(110), T(760)}) {
        const int count = sizeof(T) == 4 ? 300000 : 50000;
        for (int i = 0; i < count; ++i) values.push_back(range * T(i + 0.37) / T(count));
    }
    while (values.size() % 64) values.push_back(0);
    const size_t half = values.size();
    for (size_t i = 0; i < half; ++i) values.push_back(-values[i]);
    return values;
}

template <class T>
static void check_all() {
    using V = Vector<T>;
    using R = Reference<T>;
    const std::vector<T> values = sample<T>();
    check<T>("exponential", 1.2, values, [](V v) { return exponential<T>(v); }, exp_reference<R>);
    check<T>("tanh", 1.6, values, [](V v) { return hyperbolic_tangent<T>(v); }, tanh_reference<R>);
    check<T>("logistic", 2.5, values, [](V v) { return logistic<T>(v); }, logistic_reference<R>);
    check<T>("log1p_exp", 3.0, values, [](V v) { return log1p_exp<T>(v); }, log1p_exp_reference<R>);
    check<T>("normal_cdf", 5.0, values, [](V v) { return normal_cdf<T>(v); }, normal_cdf_reference<R>);
    check<T>("normal_density", 2.5, values, [](V v) { return normal_density<T>(v); }, normal_density_reference<R>);
}

int main(int count, char** arguments) {
    if (count > 1) record = std::fopen(arguments[1], "wb");
    if (count > 1 && !record) return std::perror(arguments[1]), 1;
    check_all<float>();
    check_all<double>();
    if (record && std::fclose(record)) return std::perror(arguments[1]), 1;
    if (failures) std::printf("%d of the elementary functions are less accurate than stated\n", failures);
    return failures ? 1 : 0;
}
