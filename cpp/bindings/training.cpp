// Whole epochs of training.
#include <cmath>

#include "bindings/contents.hpp"
#include "bindings/networks.hpp"
#include "bindings/signals.hpp"

namespace fitnet::bindings {

namespace {

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

}  // namespace

void bind_training(nb::module_& module) {
    module.def("run_epochs", &train_epochs, nb::arg(), nb::arg(), nb::arg(), nb::arg(), nb::arg(), nb::arg(), nb::arg(),
               nb::arg().none(), nb::arg(), nb::arg(), nb::arg(), nb::arg().none(), nb::arg().none(), nb::arg());
}

}  // namespace fitnet::bindings
