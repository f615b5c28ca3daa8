// Slots of a batch whose rows are not all here.
#include "shares.hpp"
#include "bindings/contents.hpp"
#include "bindings/interpreter.hpp"
#include "bindings/networks.hpp"

namespace fitnet::bindings {

namespace {

int64_t count_slots(const Layers& layers, int64_t batch, bool is_double) {
    if (batch < 1) throw nb::value_error("A batch has one row or more.");
    return is_double ? slots<double>(layers, batch) : slots<float>(layers, batch);
}

// The share's rows and, where it is not None, their order, one entry a row of the share.
template <class T>
Batch<T> batch_from(const Layers& layers, nb::handle X, nb::handle Y, nb::handle order, int64_t n, const Share& share) {
    if (share.slots < 1 || share.first < 0 || share.count < 0 || share.first + share.count > share.slots || n < 1)
        throw nb::value_error("These are no slots of the batch.");
    const Rows<T> rows = rows_from<T>(layers, X, Y, nb::none());
    const int64_t wanted = share.begin(n, share.count);
    if (order.is_none()) {
        if (rows.n != wanted) throw nb::value_error("These are not the rows of the share.");
        return {n, rows, nullptr};
    }
    const int64_t* numbers = readable<int64_t>(order, "order", {wanted});
    for (int64_t i = 0; i < wanted; i++)
        if (numbers[i] < 0 || numbers[i] >= rows.n) throw nb::value_error("`order` holds a number that is no row's.");
    return {n, rows, numbers};
}

nb::tuple gradients_of_slots(const Layers& layers, const LossSettings& loss, nb::handle parameters, nb::handle X,
                             nb::handle Y, nb::handle order, int64_t n, int64_t of, int64_t first, int64_t count,
                             int n_threads) {
    return for_dtype_of(parameters, [&](auto zero) {
        using T = decltype(zero);
        const int64_t P = count_parameters(layers);
        const T* values = readable<T>(parameters, "parameters", {P});
        const Share share{of, first, count};
        const Batch<T> batch = batch_from<T>(layers, X, Y, order, n, share);
        const nb::object gradients = new_array<T>({count, P}), losses = new_array<double>({count});
        const Threads threads = threads_from(n_threads);
        T* to = memory<T>(gradients);
        double* measured = memory<double>(losses);
        outside_python([&](auto&) { slot_gradients(layers, loss, values, batch, share, to, measured, threads); });
        return nb::make_tuple(losses, gradients);
    });
}

nb::object losses_of_slots(const Layers& layers, const LossSettings& loss, nb::handle parameters, nb::handle X,
                           nb::handle Y, int64_t n, int64_t of, int64_t first, int64_t count, int n_threads) {
    return for_dtype_of(parameters, [&](auto zero) {
        using T = decltype(zero);
        const T* values = readable<T>(parameters, "parameters", {count_parameters(layers)});
        const Share share{of, first, count};
        const Batch<T> batch = batch_from<T>(layers, X, Y, nb::none(), n, share);
        const nb::object losses = new_array<double>({count});
        const Threads threads = threads_from(n_threads);
        double* measured = memory<double>(losses);
        outside_python([&](auto&) { slot_losses(layers, loss, values, batch, share, measured, threads); });
        return losses;
    });
}

double with_penalty(const Layers& layers, double l2, nb::handle parameters, nb::handle gradient) {
    return for_dtype_of(parameters, [&](auto zero) {
        using T = decltype(zero);
        const int64_t P = count_parameters(layers);
        const T* values = readable<T>(parameters, "parameters", {P});
        return add_penalty(layers, l2, values, writeable<T>(gradient, "gradient", {P}));
    });
}

}  // namespace

void bind_shares(nb::module_& module) {
    module.def("slots", &count_slots);
    module.def("slot_gradients", &gradients_of_slots, nb::arg(), nb::arg(), nb::arg(), nb::arg(), nb::arg(),
               nb::arg().none(), nb::arg(), nb::arg(), nb::arg(), nb::arg(), nb::arg());
    module.def("slot_losses", &losses_of_slots);
    module.def("add_penalty", &with_penalty);
}

}  // namespace fitnet::bindings
