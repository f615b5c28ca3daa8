// One training, from epoch to epoch.
//
// The arrays of the rows are held as long as the training. What does not fit is answered with None, and nothing is
// done: engine/native_trainer.py then finds the words. Row orders are looked through here, every entry is a row.
#include <atomic>

#include "bindings/contents.hpp"
#include "bindings/encoded_rows.hpp"
#include "bindings/networks.hpp"
#include "bindings/signals.hpp"

#include <nanobind/stl/vector.h>

namespace fitnet::bindings {

namespace {

template <class T>
bool fits(nb::handle object, std::initializer_list<int64_t> shape) {
    if (!PyArray_CheckExact(object.ptr())) return false;
    auto* array = reinterpret_cast<PyArrayObject*>(object.ptr());
    bool same = PyArray_EquivTypenums(PyArray_TYPE(array), NUMPY_TYPE<T>) && PyArray_ISCARRAY_RO(array) &&
                PyArray_NDIM(array) == int(shape.size());
    for (int axis = 0; same && axis < int(shape.size()); axis++) same = PyArray_DIM(array, axis) == shape.begin()[axis];
    return same;
}

inline bool are_rows(const int64_t* numbers, int64_t count, int64_t n) {
    bool all = true;
    for (int64_t i = 0; i < count; i++) all &= numbers[i] >= 0 && numbers[i] < n;
    return all;
}

// Rows with the arrays that hold them alive.
template <class T>
struct HeldRows {
    Rows<T> rows{nullptr, nullptr, nullptr, 0};
    nb::object X, Y, weights;

    HeldRows() = default;
    HeldRows(const Layers& layers, const EncodedColumns& columns, nb::object X, nb::object Y, nb::object weights)
        : rows(rows_from<T>(columns.row_size(layers), layers, X, Y, weights)), X(X), Y(Y), weights(weights) {
        columns.check_rows(rows.X, rows.n);
    }
};

template <class T>
class HeldTraining {
public:
    HeldTraining(const Layers& layers, const TrainerSettings& settings, const T* start, Threads threads)
        : layers_(layers), columns_{settings.pieces}, P_(count_parameters(layers)), batch_(settings.batch_size),
          drops_(settings.dropout > 0), trainer_(layers, settings, start, threads) {}

    void take_rows(nb::object X, nb::object Y, nb::object weights) {
        const AtWork now(at_work_);
        learned_ = HeldRows<T>(layers_, columns_, X, Y, weights);
    }
    void take_validation(nb::object X, nb::object Y, nb::object weights) {
        const AtWork now(at_work_);
        watched_ = HeldRows<T>(layers_, columns_, X, Y, weights);
    }

    // Whole epochs; gives the losses (epochs) and, where it is to watch, the validation losses (epochs) or None; None
    // where the arrays do not fit, seeds (epochs) among them where units are dropped.
    nb::object run(nb::object rates, nb::object orders, bool watches, nb::object seeds) {
        const int64_t n = learned_.rows.n, epochs = length(rates), steps = (n + batch_ - 1) / batch_;
        const bool shuffled = !orders.is_none();
        if (n < 1 || !fits<double>(rates, {epochs, steps}) || (shuffled && !fits<int64_t>(orders, {epochs, n})))
            return nb::none();
        const int64_t* order = shuffled ? memory<int64_t>(orders) : nullptr;
        if (shuffled && !are_rows(order, epochs * n, n)) return nb::none();
        if (drops_ && !fits<uint64_t>(seeds, {epochs})) return nb::none();
        if (watches && watched_.rows.n < 1) throw nb::value_error("There are no validation rows.");
        const nb::object losses = new_array<double>({epochs});
        const nb::object watched = watches ? new_array<double>({epochs}) : nb::none();
        const EpochsCall<T> call{learned_.rows,
                                 epochs,
                                 memory<double>(rates),
                                 order,
                                 memory<double>(losses),
                                 watched_.rows,
                                 watches ? memory<double>(watched) : nullptr,
                                 drops_ ? memory<uint64_t>(seeds) : nullptr};
        const AtWork now(at_work_);
        watching_signals([&](const KeepGoing& keep_going) { return trainer_.run(call, keep_going); });
        return nb::make_tuple(losses, watched);
    }

    double objective() {
        if (learned_.rows.n < 1) throw nb::value_error("There are no rows to learn from.");
        return alone([&] { return trainer_.objective(learned_.rows); });
    }
    double validation_loss() {
        if (watched_.rows.n < 1) throw nb::value_error("There are no validation rows.");
        return alone([&] { return trainer_.loss(watched_.rows); });
    }

    // (objective, gradient) on the rows of these numbers, or on all of them; None where the numbers do not fit.
    nb::object gradient(nb::object numbers) {
        const int64_t n = learned_.rows.n;
        int64_t count = n;
        const int64_t* order = nullptr;
        if (!numbers.is_none()) {
            count = length(numbers);
            if (!fits<int64_t>(numbers, {count}) || !are_rows(memory<int64_t>(numbers), count, n)) return nb::none();
            order = memory<int64_t>(numbers);
        }
        if (count < 1) return nb::none();
        const nb::object gradient = new_array<T>({P_});
        const double objective =
            alone([&] { return trainer_.gradient(learned_.rows, order, count, memory<T>(gradient)); });
        return nb::make_tuple(objective, gradient);
    }
    void apply(nb::object gradient, double rate) {
        const T* values = readable<T>(gradient, "gradient", {P_});
        alone([&] { trainer_.apply(values, rate); });
    }
    bool is_finite() {
        return alone([&] { return trainer_.is_finite(); });
    }
    void keep(double loss, int64_t epoch) {
        alone([&] { trainer_.keep(loss, epoch); });
    }

    nb::object parameters() {
        const nb::object flat = new_array<T>({P_});
        alone([&] { trainer_.parameters(memory<T>(flat)); });
        return flat;
    }
    // (steps, moments)
    nb::object state() {
        const nb::object moments = new_array<T>({trainer_.n_moments(), P_});
        alone([&] { trainer_.moments(memory<T>(moments)); });
        return nb::make_tuple(trainer_.steps(), moments);
    }
    // (loss, parameters, epoch)
    nb::object best() {
        const nb::object flat = new_array<T>({P_});
        alone([&] { trainer_.best(memory<T>(flat)); });
        return nb::make_tuple(trainer_.best_loss(), flat, trainer_.best_epoch());
    }
    void restore(nb::object parameters, nb::object moments, int64_t steps, int64_t epochs) {
        const T* flat = readable<T>(parameters, "parameters", {P_});
        const T* kept = readable<T>(moments, "state.moments", {trainer_.n_moments(), P_});
        alone([&] { trainer_.restore(flat, kept, steps, epochs); });
    }
    void restore_best(nb::object best, double loss, int64_t epoch) {
        const T* flat = readable<T>(best, "best.parameters", {P_});
        alone([&] { trainer_.restore_best(flat, loss, epoch); });
    }

private:
    // As long as this lives a second call is refused, from another thread or a signal's handler.
    class AtWork {
    public:
        explicit AtWork(std::atomic<bool>& at_work) : at_work_(at_work) {
            if (at_work_.exchange(true)) throw std::runtime_error("This training is at work already, in another call.");
        }
        ~AtWork() { at_work_ = false; }
        AtWork(const AtWork&) = delete;
        AtWork& operator=(const AtWork&) = delete;

    private:
        std::atomic<bool>& at_work_;
    };

    // compute(), outside Python and without a second call.
    template <class Compute>
    auto alone(const Compute& compute) {
        const AtWork now(at_work_);
        return outside_python([&](auto&) { return compute(); });
    }

    const Layers layers_;
    const EncodedColumns columns_;
    const int64_t P_, batch_;
    const bool drops_;
    Trainer<T> trainer_;
    HeldRows<T> learned_, watched_;
    std::atomic<bool> at_work_{false};
};

nb::object new_trainer(const Layers& layers, const LossSettings& loss, double l2, const OptimizerSettings& optimizer,
                       nb::handle parameters, int64_t batch_size, bool keeps_lowest, const std::vector<int64_t>& pieces,
                       double dropout, int n_threads) {
    return for_dtype_of(parameters, [&](auto zero) {
        using T = decltype(zero);
        if (batch_size < 1) throw nb::value_error("`batch_size` must be at least 1.");
        const T* start = readable<T>(parameters, "parameters", {count_parameters(layers)});
        EncodedColumns{pieces}.check(layers);
        if (!(dropout >= 0 && dropout < 1)) throw nb::value_error("`dropout` must be at least 0 and below 1.");
        const TrainerSettings settings{loss, l2, optimizer, batch_size, keeps_lowest, pieces, dropout};
        return nb::cast(new HeldTraining<T>(layers, settings, start, threads_from(n_threads)),
                        nb::rv_policy::take_ownership);
    });
}

template <class T>
void define_trainer(nb::module_& module, const char* name) {
    using Held = HeldTraining<T>;
    nb::class_<Held>(module, name)
        .def("take_rows", &Held::take_rows, nb::arg(), nb::arg(), nb::arg().none())
        .def("take_validation", &Held::take_validation, nb::arg(), nb::arg(), nb::arg().none())
        .def("run", &Held::run, nb::arg(), nb::arg().none(), nb::arg(), nb::arg().none())
        .def("objective", &Held::objective)
        .def("validation_loss", &Held::validation_loss)
        .def("gradient", &Held::gradient, nb::arg().none())
        .def("apply", &Held::apply)
        .def("is_finite", &Held::is_finite)
        .def("keep", &Held::keep)
        .def("parameters", &Held::parameters)
        .def("state", &Held::state)
        .def("best", &Held::best)
        .def("restore", &Held::restore)
        .def("restore_best", &Held::restore_best);
}

}  // namespace

void bind_training(nb::module_& module) {
    define_trainer<float>(module, "TrainerFloat32");
    define_trainer<double>(module, "TrainerFloat64");
    module.def("trainer", &new_trainer);
}

}  // namespace fitnet::bindings
