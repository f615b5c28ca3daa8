// One network's predictions and derivatives over and over, as fast as they go from Python.
#include <cmath>

#include "bindings/contents.hpp"
#include "bindings/networks.hpp"

namespace fitnet::bindings {

namespace {

template <class T>
struct PackedNetwork {
    PackedNetwork(const Layers& layers, const T* parameters, int64_t count, Threads allowed)
        : p(layers.front().inputs), m(layers.back().outputs), P(count), threads(allowed), packed(layers, parameters) {}

    const int64_t p, m, P;
    const Threads threads;
    const Predictor<T> packed;
};

// Below so many multiplications, some ten microseconds, handing the GIL over would cost more than it gives.
constexpr double WORTH_RELEASING_THE_GIL = 1e6;

template <class T>
bool is_matrix(PyObject* object, int64_t columns) {
    if (!PyArray_CheckExact(object)) return false;
    auto* array = reinterpret_cast<PyArrayObject*>(object);
    return PyArray_NDIM(array) == 2 && PyArray_TYPE(array) == NUMPY_TYPE<T> && PyArray_ISCARRAY_RO(array) &&
           PyArray_DIM(array, 0) > 0 && PyArray_DIM(array, 1) == columns;
}

template <class T>
bool is_output(PyObject* object, int64_t n, int64_t m, const T* X, int64_t p) {
    if (!is_matrix<T>(object, m)) return false;
    auto* array = reinterpret_cast<PyArrayObject*>(object);
    const T* out = static_cast<const T*>(PyArray_DATA(array));
    const bool apart = out + n * m <= X || X + n * p <= out;
    return PyArray_DIM(array, 0) == n && PyArray_ISWRITEABLE(array) && apart;
}

template <class T>
bool all_finite(const T* numbers, int64_t count) {
    bool finite = true;
    for (int64_t i = 0; i < count; i++) finite &= std::isfinite(numbers[i]);
    return finite;
}

// Calls compute(), where that takes long without the GIL.
template <class Compute>
bool without_gil_for(double work, const Compute& compute) {
    if (work < WORTH_RELEASING_THE_GIL) return compute();
    nb::gil_scoped_release released;
    return compute();
}

// (X, out or None): the outputs, or None where X or out is anything but what can be read and written as it lies.
template <class T>
nb::object outputs_or_none(const PackedNetwork<T>& network, PyObject* X, PyObject* given) {
    if (!is_matrix<T>(X, network.p)) return nb::none();
    const int64_t n = PyArray_DIM(reinterpret_cast<PyArrayObject*>(X), 0);
    const T* rows = static_cast<const T*>(PyArray_DATA(reinterpret_cast<PyArrayObject*>(X)));
    if (given != Py_None && !is_output<T>(given, n, network.m, rows, network.p)) return nb::none();
    nb::object out = given == Py_None ? new_array<T>({n, network.m}) : nb::borrow(given);
    const bool finite = without_gil_for(double(n) * double(network.P), [&] {
        if (!all_finite(rows, n * network.p)) return false;
        if (n == 1)
            network.packed.row(rows, memory<T>(out));
        else
            network.packed.rows(rows, n, memory<T>(out), network.threads);
        return true;
    });
    return finite ? out : nb::none();
}

// dy/dx, or None where X is anything but what can be read as it lies.
template <class T>
nb::object jacobian_or_none(const PackedNetwork<T>& network, PyObject* X) {
    if (!is_matrix<T>(X, network.p)) return nb::none();
    const int64_t n = PyArray_DIM(reinterpret_cast<PyArrayObject*>(X), 0);
    const T* rows = static_cast<const T*>(PyArray_DATA(reinterpret_cast<PyArrayObject*>(X)));
    nb::object dy_dx = new_array<T>({n, network.m, network.p});
    const double passes = double(1 + (network.p < network.m ? network.p : network.m));
    const bool finite = without_gil_for(double(n) * double(network.P) * passes, [&] {
        if (!all_finite(rows, n * network.p)) return false;
        if (n == 1)
            network.packed.jacobian_row(rows, memory<T>(dy_dx));
        else
            network.packed.jacobian(rows, n, memory<T>(dy_dx), network.threads);
        return true;
    });
    return finite ? dy_dx : nb::none();
}

// A new reference to what compute(network) gives, or null with Python's exception set.
template <class T, class Compute>
PyObject* returned_to_python(PyObject* self, const Compute& compute) noexcept {
    try {
        return compute(*nb::inst_ptr<PackedNetwork<T>>(self)).release().ptr();
    } catch (nb::python_error& error) {
        error.restore();
    } catch (const std::bad_alloc&) {
        PyErr_NoMemory();
    } catch (const std::exception& error) {
        PyErr_SetString(PyExc_RuntimeError, error.what());
    }
    return nullptr;
}

// Both are called by the interpreter itself: through nanobind's own functions one row would take twice as long.
template <class T>
PyObject* call_packed(PyObject* self, PyObject* arguments, PyObject* keywords) noexcept {
    if (keywords != nullptr || PyTuple_GET_SIZE(arguments) != 2 || !nb::inst_ready(self)) {
        PyErr_SetString(PyExc_TypeError, "A predictor takes two arguments, X and out.");
        return nullptr;
    }
    return returned_to_python<T>(self, [arguments](const PackedNetwork<T>& network) {
        return outputs_or_none(network, PyTuple_GET_ITEM(arguments, 0), PyTuple_GET_ITEM(arguments, 1));
    });
}
template <class T>
PyObject* jacobian_of_packed(PyObject* self, PyObject* X) noexcept {
    if (!nb::inst_ready(self)) {
        PyErr_SetString(PyExc_TypeError, "A predictor comes from `predictor` alone.");
        return nullptr;
    }
    return returned_to_python<T>(self, [X](const PackedNetwork<T>& network) { return jacobian_or_none(network, X); });
}

template <class T>
void define_predictor(nb::module_& module, const char* name) {
    static PyMethodDef methods[] = {{"jacobian", jacobian_of_packed<T>, METH_O, nullptr},
                                    {nullptr, nullptr, 0, nullptr}};
    static const PyType_Slot slots[] = {{Py_tp_call, reinterpret_cast<void*>(call_packed<T>)},
                                        {Py_tp_methods, static_cast<void*>(methods)},
                                        {0, nullptr}};
    nb::class_<PackedNetwork<T>>(module, name, nb::type_slots(slots));
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

void bind_predictors(nb::module_& module) {
    define_predictor<float>(module, "PredictorFloat32");
    define_predictor<double>(module, "PredictorFloat64");
    module.def("predictor", &new_predictor);
}

}  // namespace fitnet::bindings
