// Every operation of the native engine on a small problem, for tests of what befalls a call: memory that is refused or
// was used before, calls from within, a fork.
#pragma once

#include <cmath>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "fitnet.hpp"

namespace fitnet::tests {

// Rows and a network large enough that several threads are worth waking.
template <class T>
struct Problem {
    Layers layers;
    std::vector<T> parameters, X, Y;
    int64_t n, p, m;

    Problem(const std::vector<int64_t>& widths, int64_t count, Activation hidden = Activation::silu,
            Activation last = Activation::identity)
        : n(count), p(widths.front()), m(widths.back()) {
        std::mt19937 random(11);
        std::normal_distribution<double> normal;
        for (size_t l = 0; l + 1 < widths.size(); l++) {
            layers.push_back({widths[l], widths[l + 1], l + 2 < widths.size() ? hidden : last});
            const double scale = 1 / std::sqrt(double(widths[l]));
            for (int64_t i = 0; i < (widths[l] + 1) * widths[l + 1]; i++)
                parameters.push_back(T(scale * normal(random)));
        }
        for (int64_t i = 0; i < n * p; i++) X.push_back(T(normal(random)));
        for (int64_t i = 0; i < n * m; i++) Y.push_back(T(normal(random)));
    }
    int64_t n_parameters() const { return int64_t(parameters.size()); }
    Rows<T> rows() const { return {X.data(), Y.data(), nullptr, n}; }
    StridedRows strided() const {
        constexpr int64_t size = sizeof(T);
        return {reinterpret_cast<const char*>(X.data()), size == sizeof(double), p * size, size, n};
    }
};

template <class T>
struct Operation {
    std::string name;
    int64_t size;  // numbers that it writes
    std::function<void(T* to, Threads threads, const KeepGoing& keep_going)> run;
    bool asks;  // whether it ever asks `keep_going`
};

// One training: full batches, in which the lowest loss is kept, or small ones whose loss is watched.
template <class T>
struct Training {
    const Problem<T>& problem;
    bool full;
    static constexpr int64_t EPOCHS = 2;

    int64_t batch() const { return full ? problem.n : (problem.n + 2) / 3; }
    TrainerSettings settings() const {
        return {
            {Loss::huber, 0.7}, 1e-3, {full ? Optimizer::adam : Optimizer::momentum, 0.9, 0.999, 1e-8}, batch(), full};
    }
    bool run(Trainer<T>& trainer, int64_t epochs, const KeepGoing& keep_going) const {
        const std::vector<double> rates(size_t(epochs * ((problem.n - 1) / batch() + 1)), 1e-2);
        std::vector<double> losses(static_cast<size_t>(epochs)), watched(losses.size());
        const EpochsCall<T> call{problem.rows(),
                                 epochs,
                                 rates.data(),
                                 nullptr,
                                 losses.data(),
                                 problem.rows(),
                                 full ? nullptr : watched.data()};
        return trainer.run(call, keep_going);
    }
    // Parameters and best.
    void operator()(T* to, Threads threads, const KeepGoing& keep_going) const {
        Trainer<T> trainer(problem.layers, settings(), problem.parameters.data(), threads);
        run(trainer, EPOCHS, keep_going);
        trainer.parameters(to);
        trainer.best(to + problem.n_parameters());
    }
};

template <class T>
std::vector<Operation<T>> operations(const Problem<T>& of) {
    using To = T*;
    const Layers& layers = of.layers;
    const T *P = of.parameters.data(), *X = of.X.data();
    const int64_t n = of.n, p = of.p, m = of.m, n_parameters = of.n_parameters();
    const LossSettings loss{Loss::squared_error, 0};
    return {
        {"predict", n * m, [=](To to, Threads t, auto&) { predict(layers, P, X, n, to, t); }, false},
        {"input_jacobian", n * m * p, [=](To to, Threads t, auto&) { input_jacobian(layers, P, X, n, to, t); }, false},
        {"input_hessian", n * m * p * p, [=](To to, Threads t, auto&) { input_hessian(layers, P, X, n, to, t); },
         false},
        {"Predictor", n * m * (1 + p + p * p),
         [=, &of](To to, Threads t, auto&) {
             const Predictor<T> predictor(layers, P, {nullptr, nullptr}, {nullptr, nullptr});
             predictor.hessian(of.strided(), to, t);
             predictor.jacobian(of.strided(), to + n * m * p * p, t);
             predictor.outputs(of.strided(), to + n * m * p * (p + 1), t);
         },
         false},
        {"loss", 1, [=, &of](To to, Threads t, auto&) { *to = T(fitnet::loss(layers, loss, P, of.rows(), t)); }, false},
        {"loss_and_gradient", n_parameters,
         [=, &of](To to, Threads t, auto&) { loss_and_gradient(layers, loss, 0.1, P, of.rows(), to, t); }, false},
        {"Trainer, full batches", 2 * n_parameters, Training<T>{of, true}, true},
        {"Trainer, small batches", 2 * n_parameters, Training<T>{of, false}, true},
        {"Trainer, step by step", n_parameters,
         [=, &of](To to, Threads t, auto&) {
             Trainer<T> trainer(layers, Training<T>{of, true}.settings(), P, t);
             std::vector<T> gradient(of.parameters.size());
             trainer.gradient(of.rows(), nullptr, n, gradient.data());
             trainer.apply(gradient.data(), 0.1);
             trainer.keep(trainer.loss(of.rows()), 1);
             trainer.best(to);
         },
         false},
    };
}

using Go = const KeepGoing&;

// Those that a least-squares step and error bars take from rows; for few parameters.
inline std::vector<Operation<double>> second_order(const Problem<double>& of) {
    const int64_t P = of.n_parameters(), n = of.n, m = of.m;
    std::vector<double> triangle;  // the identity's
    for (int64_t row = 0; row < P; row++)
        for (int64_t column = 0; column <= row; column++) triangle.push_back(column == row ? 1.0 : 0.0);
    return {
        {"normal_equations", P * P + P,
         [=, &of](double* to, Threads t, Go go) {
             NormalEquations<double> equations{to, to + P * P, 0};
             normal_equations<double>(of.layers, of.parameters.data(), of.rows(), equations, t, go);
         },
         true},
        {"PredictiveCovariance", n * m * m,
         [=, &of](double* to, Threads t, Go go) {
             const PredictiveCovariance covariance(of.layers, of.parameters.data(), triangle.data());
             covariance.rows(of.X.data(), n, to, t, go);
         },
         true},
    };
}

// And from matrices.
inline std::vector<Operation<double>> of_matrices() {
    const int64_t unknowns = 260;
    const std::vector<double> ones(size_t(unknowns * unknowns), 1.0);  // and 2 on the diagonal
    const auto regular = [=] { return RegularMatrix{ones.data(), ones.data(), unknowns}; };
    return {
        {"solve_positive_definite", unknowns,
         [=](double* to, Threads t, Go go) { solve_positive_definite(regular(), ones.data(), to, t, go); }, true},
        {"inverse_diagonal", unknowns, [=](double* to, Threads t, Go go) { inverse_diagonal(regular(), to, t, go); },
         true},
    };
}

}  // namespace fitnet::tests
