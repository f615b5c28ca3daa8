// The native engine as the Python module fitnet.engine._native. Only in this folder does C++ know Python.
//
// While the engine computes the GIL is released. That is safe: the engine touches no Python object, the caller's
// arguments hold the arrays alive, and networks and packed weights never change. Row orders are taken as they are:
// engine/contract.py has looked through them, every entry is a row.
#include "bindings/arrays.hpp"
#include "bindings/cholesky.hpp"
#include "bindings/predictor.hpp"
#include "bindings/signals.hpp"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "fitnet.hpp"

NB_MAKE_OPAQUE(fitnet::Layers)  // a class of its own in Python, not a list that is taken apart at every call

namespace {

using namespace fitnet;

// ---- Networks

constexpr int64_t MOST_PARAMETERS = int64_t(1) << 40;  // sizes and offsets stay far from overflow

Layers layers_from(const std::vector<nb::object>& descriptions) {
    Layers layers;
    int64_t parameters = 0;
    for (const nb::object& description : descriptions) {
        const Layer layer{nb::cast<int64_t>(description[0]), nb::cast<int64_t>(description[1]),
                          nb::cast<Activation>(description[2])};
        if (layer.inputs < 1 || layer.outputs < 1 || layer.inputs >= MOST_PARAMETERS / layer.outputs)
            throw nb::value_error("`layers` holds a layer without inputs or outputs, or one too large.");
        if (!layers.empty() && layers.back().outputs != layer.inputs)
            throw nb::value_error("`layers` holds neighbours that do not fit.");
        parameters += (layer.inputs + 1) * layer.outputs;
        if (parameters > MOST_PARAMETERS) throw nb::value_error("`layers` is too large.");
        layers.push_back(layer);
    }
    if (layers.empty()) throw nb::value_error("`layers` is empty.");
    return layers;
}

int64_t count_parameters(const Layers& layers) {
    int64_t count = 0;
    for (const Layer& layer : layers) count += (layer.inputs + 1) * layer.outputs;
    return count;
}

template <class T>
Rows<T> rows_from(const Layers& layers, nb::handle X, nb::handle Y, nb::handle weights) {
    const int64_t n = length(X);
    Rows<T> rows{readable<T>(X, "X", {n, layers.front().inputs}), readable<T>(Y, "Y", {n, layers.back().outputs}),
                 weights.is_none() ? nullptr : readable<T>(weights, "weights", {n}), n};
    if (n == 0) throw nb::value_error("`X` has no rows.");
    return rows;
}

// ---- The contract's operations

// compute(layers, P, X, n, to, threads), where `to` is a new array of `shape`: n, m and so many p.
template <class Compute>
nb::object of_rows(const Layers& layers, nb::handle parameters, nb::handle X, int n_threads,
                   std::initializer_list<int64_t> shape, const Compute& compute) {
    return for_dtype_of(parameters, [&](auto zero) {
        using T = decltype(zero);
        const int64_t n = length(X);
        const T* P = readable<T>(parameters, "parameters", {count_parameters(layers)});
        const T* rows = readable<T>(X, "X", {n, layers.front().inputs});
        nb::object found = new_array<T>(shape);
        const Threads threads = threads_from(n_threads);
        nb::gil_scoped_release released;
        compute(layers, P, rows, n, memory<T>(found), threads);
        return found;
    });
}

nb::object predict_rows(const Layers& layers, nb::handle parameters, nb::handle X, int n_threads) {
    return of_rows(layers, parameters, X, n_threads, {length(X), layers.back().outputs},
                   [](const auto&... call) { predict(call...); });
}

nb::object jacobian_of_rows(const Layers& layers, nb::handle parameters, nb::handle X, int n_threads) {
    return of_rows(layers, parameters, X, n_threads, {length(X), layers.back().outputs, layers.front().inputs},
                   [](const auto&... call) { input_jacobian(call...); });
}

nb::object hessian_of_rows(const Layers& layers, nb::handle parameters, nb::handle X, int n_threads) {
    const int64_t p = layers.front().inputs;
    return of_rows(layers, parameters, X, n_threads, {length(X), layers.back().outputs, p, p},
                   [](const auto&... call) { input_hessian(call...); });
}

nb::tuple loss_with_gradient(const Layers& layers, const LossSettings& loss, nb::handle parameters, nb::handle X,
                             nb::handle Y, nb::handle weights, double l2, int n_threads) {
    return for_dtype_of(parameters, [&](auto zero) {
        using T = decltype(zero);
        const T* P = readable<T>(parameters, "parameters", {count_parameters(layers)});
        const Rows<T> rows = rows_from<T>(layers, X, Y, weights);
        const nb::object gradient = new_array<T>({count_parameters(layers)});
        const Threads threads = threads_from(n_threads);
        double value;
        {
            nb::gil_scoped_release released;
            value = loss_and_gradient(layers, loss, l2, P, rows, memory<T>(gradient), threads);
        }
        return nb::make_tuple(value, gradient);
    });
}

nb::tuple least_squares(const Layers& layers, nb::handle parameters, nb::handle X, nb::handle Y, nb::handle weights,
                        int n_threads) {
    return for_dtype_of(parameters, [&](auto zero) {
        using T = decltype(zero);
        const int64_t P = count_parameters(layers);
        const T* values = readable<T>(parameters, "parameters", {P});
        const Rows<T> rows = rows_from<T>(layers, X, Y, weights);
        const nb::object JtJ = new_array<T>({P, P}), Jtr = new_array<T>({P});
        NormalEquations<T> equations{memory<T>(JtJ), memory<T>(Jtr), 0};
        const Threads threads = threads_from(n_threads);
        SignalWatch signals;
        {
            nb::gil_scoped_release released;
            normal_equations<T>(layers, values, rows, equations, threads, [&signals] { return signals.keep_going(); });
        }
        signals.rethrow();
        return nb::make_tuple(JtJ, Jtr, equations.sum_of_squares);
    });
}

int64_t count_moments(Optimizer optimizer) {
    switch (optimizer) {
        case Optimizer::gradient_descent: return 0;
        case Optimizer::momentum: return 1;
        case Optimizer::adam: return 2;
    }
    throw nb::value_error("`optimizer` is none that the native engine has.");
}

// Whole epochs; gives the losses (epochs). `state` and `best` are brought up to date even where a signal ends them.
nb::object train_epochs(const Layers& layers, const LossSettings& loss, const OptimizerSettings& optimizer,
                        nb::handle parameters, nb::handle state, nb::handle X, nb::handle Y, nb::handle weights,
                        double l2, int64_t batch_size, nb::handle learning_rates, nb::handle row_orders,
                        nb::handle best, int n_threads) {
    return for_dtype_of(parameters, [&](auto zero) {
        using T = decltype(zero);
        const int64_t P = count_parameters(layers), epochs = length(learning_rates);
        EpochsCall<T> call;
        call.rows = rows_from<T>(layers, X, Y, weights);
        const int64_t n = call.rows.n;
        if (batch_size < 1 || batch_size > n) throw nb::value_error("`batch_size` must be from 1 to the rows.");
        const int64_t steps = (n - 1) / batch_size + 1;
        const nb::object losses = new_array<double>({epochs});
        const nb::object moments = state.attr("moments");
        const nb::object kept = best.is_none() ? nb::none() : nb::object(best.attr("parameters"));
        call.loss = loss;
        call.l2 = l2;
        call.optimizer = optimizer;
        call.parameters = writeable<T>(parameters, "parameters", {P});
        call.moments = writeable<T>(moments, "state.moments", {count_moments(optimizer.kind), P});
        call.step = nb::cast<int64_t>(state.attr("step"));
        call.batch_size = batch_size;
        call.epochs = epochs;
        call.learning_rates = readable<double>(learning_rates, "learning_rates", {epochs, steps});
        call.row_orders = row_orders.is_none() ? nullptr : readable<int64_t>(row_orders, "row_orders", {epochs, n});
        call.best = Best<T>{INFINITY, 0, nullptr};
        if (!best.is_none())
            call.best = Best<T>{nb::cast<double>(best.attr("loss")), nb::cast<int64_t>(best.attr("epoch")),
                                writeable<T>(kept, "best.parameters", {P})};
        call.losses = memory<double>(losses);
        const Threads threads = threads_from(n_threads);
        SignalWatch signals;
        {
            nb::gil_scoped_release released;
            run_epochs<T>(layers, call, threads, [&signals] { return signals.keep_going(); });
        }
        state.attr("step") = call.step;
        if (!best.is_none()) {
            best.attr("loss") = call.best.loss;
            best.attr("epoch") = call.best.epoch;
        }
        signals.rethrow();
        return losses;
    });
}

nb::object new_predictor(const Layers& layers, nb::handle parameters, int n_threads) {
    return for_dtype_of(parameters, [&](auto zero) {
        using T = decltype(zero);
        const int64_t P = count_parameters(layers);
        const T* memory = readable<T>(parameters, "parameters", {P});
        return nb::cast(new PackedNetwork<T>(layers, memory, P, threads_from(n_threads)),
                        nb::rv_policy::take_ownership);
    });
}

}  // namespace

NB_MODULE(_native, module) {
    if (PyArray_ImportNumPyAPI() < 0) throw nb::python_error();
    nb::set_leak_warnings(false);  // models that are alive when Python ends are no leak

    nb::enum_<Activation>(module, "Activation")
        .value("identity", Activation::identity)
        .value("relu", Activation::relu)
        .value("tanh", Activation::tanh)
        .value("logistic", Activation::logistic)
        .value("silu", Activation::silu)
        .value("gelu", Activation::gelu)
        .value("softplus", Activation::softplus)
        .value("leaky_relu", Activation::leaky_relu)
        .value("exponential", Activation::exponential);
    nb::enum_<Loss>(module, "Loss")
        .value("squared_error", Loss::squared_error)
        .value("absolute_error", Loss::absolute_error)
        .value("huber", Loss::huber)
        .value("quantile", Loss::quantile)
        .value("poisson", Loss::poisson);
    nb::enum_<Optimizer>(module, "Optimizer")
        .value("gradient_descent", Optimizer::gradient_descent)
        .value("momentum", Optimizer::momentum)
        .value("adam", Optimizer::adam);

    nb::class_<Layers>(module, "Layers").def("__init__", [](Layers* self, const std::vector<nb::object>& layers) {
        new (self) Layers(layers_from(layers));
    });
    nb::class_<LossSettings>(module, "LossSettings")
        .def("__init__",
             [](LossSettings* self, Loss kind, double parameter) { new (self) LossSettings{kind, parameter}; });
    nb::class_<OptimizerSettings>(module, "OptimizerSettings")
        .def("__init__", [](OptimizerSettings* self, Optimizer kind, double beta1, double beta2, double epsilon) {
            new (self) OptimizerSettings{kind, beta1, beta2, epsilon};
        });
    define_predictor<float>(module, "PredictorFloat32");
    define_predictor<double>(module, "PredictorFloat64");

    module.def("level", &level);
    module.def("available_levels", &available_levels);
    module.def("predict", &predict_rows);
    module.def("input_jacobian", &jacobian_of_rows);
    module.def("input_hessian", &hessian_of_rows);
    module.def("normal_equations", &least_squares, nb::arg(), nb::arg(), nb::arg(), nb::arg(), nb::arg().none(),
               nb::arg());
    module.def("solve_positive_definite", &solution);
    module.def("inverse_diagonal", &diagonal_of_inverse);
    module.def("loss_and_gradient", &loss_with_gradient, nb::arg(), nb::arg(), nb::arg(), nb::arg(), nb::arg(),
               nb::arg().none(), nb::arg(), nb::arg());
    module.def("run_epochs", &train_epochs, nb::arg(), nb::arg(), nb::arg(), nb::arg(), nb::arg(), nb::arg(), nb::arg(),
               nb::arg().none(), nb::arg(), nb::arg(), nb::arg(), nb::arg().none(), nb::arg().none(), nb::arg());
    module.def("predictor", &new_predictor);
}
