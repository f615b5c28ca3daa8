// Losses of one z and its target, as algorithm/losses.py has them: the value, and below it its derivative with respect
// to z. With the identity for a link z is the prediction. At a kink the derivative is 0; NaN in, NaN out.
#pragma once

#include <cmath>
#include <limits>

#include "fitnet.hpp"

namespace fitnet {
namespace FITNET_LEVEL_NAME {

template <class T>
struct SquaredError {
    T value(T prediction, T target) const {
        const T residual = prediction - target;
        return residual * residual;
    }
    T derivative(T prediction, T target) const { return 2 * (prediction - target); }
};

template <class T>
struct AbsoluteError {
    T value(T prediction, T target) const { return std::fabs(prediction - target); }
    T derivative(T prediction, T target) const {
        const T residual = prediction - target;
        return residual > 0 ? T(1) : residual < 0 ? T(-1) : residual;
    }
};

// With inner = min(|residual|, delta): residual^2 / 2 inside, delta (|residual| - delta / 2) outside.
template <class T>
struct Huber {
    T delta;
    T value(T prediction, T target) const {
        const T size = std::fabs(prediction - target);
        const T inner = size > delta ? delta : size;
        return inner * (size - T(0.5) * inner);
    }
    T derivative(T prediction, T target) const {
        const T residual = prediction - target;
        return residual > delta ? delta : residual < -delta ? -delta : residual;
    }
};

template <class T>
struct Quantile {
    T above;  // what a target above its prediction costs: the quantile
    T below;  // and one below: 1 - the quantile
    T value(T prediction, T target) const {
        const T residual = prediction - target;
        return std::fabs(residual) * (residual > 0 ? below : above);
    }
    T derivative(T prediction, T target) const {
        const T residual = prediction - target;
        return residual > 0 ? below : residual < 0 ? -above : residual;
    }
};

// With mu = exp(z) and t = z - log(y): y (exp(t) - 1 - t) and mu - y = y (exp(t) - 1), which cancel nowhere; far from
// the best mu is taken itself, for exp(t) may overflow where mu does not. In double; the C library's functions are the
// same at every level. The derivative ends at the largest power of two that T can square.
template <class T>
struct Poisson {
    static constexpr double LARGEST_SLOPE = sizeof(T) == 4 ? 0x1p63 : 0x1p511;
    double value(T last, T target) const {
        const double z = double(last), y = double(target), excess = mu_less_y(z, y);
        return excess == std::numeric_limits<double>::infinity() ? excess : excess - y * exponent(z, y);
    }
    T derivative(T last, T target) const {
        const double excess = mu_less_y(double(last), double(target));
        return T(excess > LARGEST_SLOPE ? LARGEST_SLOPE : excess);
    }
    static double exponent(double z, double y) { return y == 0 ? 0 : z - std::log(y); }
    static double mu_less_y(double z, double y) {
        const double t = exponent(z, y);
        return y == 0 || t > 1 ? std::exp(z) - y : y * std::expm1(t);
    }
};

// The same of mu itself, for networks that end in another activation than the link. The value in double, for its terms
// nearly cancel.
template <class T>
struct PoissonOfRates {
    double value(T prediction, T target) const {
        const double mu = double(prediction), y = double(target);
        if (mu < 0) return std::numeric_limits<double>::quiet_NaN();
        return y == 0 ? mu : y * std::log(y / mu) - y + mu;
    }
    T derivative(T prediction, T target) const { return target == 0 ? T(1) : 1 - target / prediction; }
};

// Of all outputs of a row together: see cross_entropy.hpp.
template <class T>
struct CrossEntropy {};

// The loss's link: the activation that turns the last z into a prediction.
FITNET_INLINE constexpr Activation link_of(Loss loss) {
    return loss == Loss::poisson ? Activation::exponential : Activation::identity;
}

// Calls `use` with that loss: of z where the network ends in its link, `on_link`, else of the outputs.
template <class T, class Use>
static void with_loss(const LossSettings& settings, bool on_link, const Use& use) {
    switch (settings.kind) {
        case Loss::squared_error: return use(SquaredError<T>{});
        case Loss::absolute_error: return use(AbsoluteError<T>{});
        case Loss::huber: return use(Huber<T>{T(settings.parameter)});
        case Loss::quantile: return use(Quantile<T>{T(settings.parameter), T(1 - settings.parameter)});
        case Loss::poisson: return on_link ? use(Poisson<T>{}) : use(PoissonOfRates<T>{});
        case Loss::cross_entropy: return use(CrossEntropy<T>{});
    }
}

}  // namespace FITNET_LEVEL_NAME
}  // namespace fitnet
