// Activations on blocks: the value, and the slope da/dz from what is at hand in the backward pass.
#pragma once

#include "fitnet.hpp"
#include "kernels/elementary.hpp"
#include "kernels/panels.hpp"
#include "kernels/simd.hpp"

namespace fitnet {
namespace FITNET_LEVEL_NAME {

// max(0, z) on sums as they leave the registers.
template <class T>
struct Relu {
    Vector<T> operator()(Vector<T> z, const T*) const { return z > 0 ? z : Vector<T>{}; }
};

// Each takes a gradient with respect to a, and its place, to the gradient with respect to z; `a` and `slope` lie as
// the gradients do, from `base` on.
template <class T>
struct Slope {
    const T* values;
    const T* base;
    Vector<T> at(const T* place) const { return load(values + (place - base)); }
};
template <class T>
struct ReluSlope : Slope<T> {
    Vector<T> operator()(Vector<T> d, const T* place) const { return this->at(place) > 0 ? d : Vector<T>{}; }
};
template <class T>
struct LeakySlope : Slope<T> {
    Vector<T> operator()(Vector<T> d, const T* place) const { return this->at(place) > 0 ? d : d * T(0.01); }
};
template <class T>
struct TanhSlope : Slope<T> {
    Vector<T> operator()(Vector<T> d, const T* place) const {
        const Vector<T> a = this->at(place);
        return d * (1 - a * a);
    }
};
template <class T>
struct LogisticSlope : Slope<T> {
    Vector<T> operator()(Vector<T> d, const T* place) const {
        const Vector<T> a = this->at(place);
        return d * (a * (1 - a));
    }
};
template <class T>
struct KeptSlope : Slope<T> {
    Vector<T> operator()(Vector<T> d, const T* place) const { return d * this->at(place); }
};
template <class T>
struct NoSlope {
    Vector<T> operator()(Vector<T> d, const T*) const { return d; }
};

// Calls `use` with the slope of that activation; `slopes` and the gradients lie as `a` does.
template <class T, class Use>
static void with_slope(Activation activation, const T* a, const T* slopes, const T* base, const Use& use) {
    switch (activation) {
        case Activation::identity: return use(NoSlope<T>{});
        case Activation::relu: return use(ReluSlope<T>{{a, base}});
        case Activation::leaky_relu: return use(LeakySlope<T>{{a, base}});
        case Activation::tanh: return use(TanhSlope<T>{{a, base}});
        case Activation::logistic: return use(LogisticSlope<T>{{a, base}});
        case Activation::exponential: return use(KeptSlope<T>{{a, base}});  // its slope is a itself
        default: return use(KeptSlope<T>{{slopes, base}});
    }
}

// z becomes a in place: `value(z, where the slope goes)`. `slopes` lie as z does, or are null.
template <class T, class Value>
static void each_vector(Matrix<T> z, T* slopes, const Value& value) {
    for (int64_t jp = 0; jp < z.panels.count(); jp++)
        for (int64_t i = 0; i < z.rows * z.stride(); i += LANES<T>) {
            T* at = z.panel(jp) + i;
            store(at, value(load(at), slopes ? slopes + z.panels.panel(jp) + i : nullptr));
        }
}

template <class T>
static void clear_padding(Matrix<T> a) {
    const int64_t last = a.panels.count() - 1, used = a.panels.columns(last), stride = a.stride();
    if (used == stride) return;
    for (int64_t j = used / LANES<T> * LANES<T>; j < stride; j += LANES<T>) {
        T keep[LANES<T>];
        for (int64_t i = 0; i < LANES<T>; i++) keep[i] = j + i < used;
        const Vector<T> kept = load(keep);
        T* at = a.panel(last) + j;
        for (int64_t r = 0; r < a.rows; r++, at += stride) store(at, Vector<T>(kept > 0 ? load(at) : Vector<T>{}));
    }
}

// Whether its slope is written, for it cannot be read off a.
static inline bool keeps_slope(Activation activation) {
    return activation == Activation::silu || activation == Activation::gelu || activation == Activation::softplus;
}

// z becomes a in place, and slopes that cannot be read off a are written, unless null. The padding of both is zero
// then, whatever lay in that of z.
template <class T>
static void activate(Activation activation, Matrix<T> z, T* slopes) {
    switch (activation) {
        case Activation::identity: break;
        case Activation::relu: each_vector(z, slopes, [](Vector<T> x, T*) { return Relu<T>{}(x, nullptr); }); break;
        case Activation::leaky_relu:
            each_vector(z, slopes, [](Vector<T> x, T*) -> Vector<T> { return x > 0 ? x : x * T(0.01); });
            break;
        case Activation::tanh: each_vector(z, slopes, [](Vector<T> x, T*) { return hyperbolic_tangent<T>(x); }); break;
        case Activation::logistic: each_vector(z, slopes, [](Vector<T> x, T*) { return logistic<T>(x); }); break;
        case Activation::exponential: each_vector(z, slopes, [](Vector<T> x, T*) { return exponential<T>(x); }); break;
        case Activation::silu:  // d/dz z s(z) = s + z s (1 - s)
            each_vector(z, slopes, [](Vector<T> x, T* slope) -> Vector<T> {
                const Vector<T> s = logistic<T>(x);
                const Vector<T> a = x * s;
                if (slope) store(slope, Vector<T>(s + a * (1 - s)));
                return a;
            });
            break;
        case Activation::softplus:
            each_vector(z, slopes, [](Vector<T> x, T* slope) {
                if (slope) store(slope, logistic<T>(x));
                return log1p_exp<T>(x);
            });
            break;
        case Activation::gelu:  // d/dz z cdf(z) = cdf + z density
            each_vector(z, slopes, [](Vector<T> x, T* slope) -> Vector<T> {
                const Vector<T> cdf = normal_cdf<T>(x);
                if (slope) store(slope, Vector<T>(cdf + x * normal_density<T>(x)));
                return x * cdf;
            });
            break;
    }
    clear_padding(z);
    if (slopes && keeps_slope(activation)) clear_padding(Matrix<T>{slopes, z.panels, z.rows});
}

}  // namespace FITNET_LEVEL_NAME
}  // namespace fitnet
