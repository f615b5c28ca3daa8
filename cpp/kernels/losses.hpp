// Losses of one prediction of one target, as algorithm/losses.py has them: the value, and below it its derivative with
// respect to the prediction. At a kink the derivative is 0; NaN in, NaN out.
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

// In double, for the terms nearly cancel. The C library's log is the same function at every level.
template <class T>
struct Poisson {
    double value(T prediction, T target) const {
        const double mu = double(prediction), y = double(target);
        if (mu < 0) return std::numeric_limits<double>::quiet_NaN();
        return y == 0 ? mu : y * std::log(y / mu) - y + mu;
    }
    T derivative(T prediction, T target) const { return target == 0 ? T(1) : 1 - target / prediction; }
};

// Calls `use` with that loss.
template <class T, class Use>
static void with_loss(const LossSettings& settings, const Use& use) {
    switch (settings.kind) {
        case Loss::squared_error: return use(SquaredError<T>{});
        case Loss::absolute_error: return use(AbsoluteError<T>{});
        case Loss::huber: return use(Huber<T>{T(settings.parameter)});
        case Loss::quantile: return use(Quantile<T>{T(settings.parameter), T(1 - settings.parameter)});
        case Loss::poisson: return use(Poisson<T>{});
    }
}

}  // namespace FITNET_LEVEL_NAME
}  // namespace fitnet
