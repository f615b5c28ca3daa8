// A model's predictions and derivatives over and over, as fast as they go from Python.
#include "bindings/contents.hpp"
#include "bindings/interpreter.hpp"
#include "bindings/networks.hpp"

namespace fitnet::bindings {

namespace {

PyTypeObject* memory_map = nullptr;  // numpy.memmap, the one subclass of arrays that is read as it lies

template <class T>
struct ScaledPredictor {
    const int64_t p, m, P;
    const Threads threads;
    const Predictor<T> predictor;
};

// Below so many multiplications, some ten microseconds, handing the GIL over would cost more than it gives.
constexpr double WORTH_RELEASING_THE_GIL = 1e6;

// X (n, p) of float32 or float64 in any layout, aligned or not; false for anything else.
bool are_rows(PyObject* object, int64_t p, StridedRows& rows) {
    if (!PyArray_CheckExact(object) && Py_TYPE(object) != memory_map) return false;
    auto* array = reinterpret_cast<PyArrayObject*>(object);
    const int type = PyArray_TYPE(array);
    if ((type != NPY_FLOAT && type != NPY_DOUBLE) || !PyArray_ISNOTSWAPPED(array) || PyArray_NDIM(array) != 2 ||
        PyArray_DIM(array, 0) == 0 || PyArray_DIM(array, 1) != p)
        return false;
    rows = {PyArray_BYTES(array), type == NPY_DOUBLE, PyArray_STRIDE(array, 0), PyArray_STRIDE(array, 1),
            PyArray_DIM(array, 0)};
    return true;
}

// Whether no byte of X (n, p) lies between `first` and `last`.
bool are_apart(const StridedRows& X, int64_t p, const char* first, const char* last) {
    const char *low = X.numbers, *high = X.numbers + (X.is_double ? sizeof(double) : sizeof(float));
    for (const int64_t step : {X.row * (X.n - 1), X.column * (p - 1)}) (step < 0 ? low : high) += step;
    return high <= first || last <= low;
}

// An array (n, m) of such numbers that can be written as it lies, apart from X.
bool is_output(PyObject* object, int type, int64_t m, const StridedRows& X, int64_t p) {
    if (!PyArray_CheckExact(object)) return false;
    auto* array = reinterpret_cast<PyArrayObject*>(object);
    return PyArray_NDIM(array) == 2 && PyArray_TYPE(array) == type && PyArray_ISCARRAY(array) &&
           PyArray_DIM(array, 0) == X.n && PyArray_DIM(array, 1) == m &&
           are_apart(X, p, PyArray_BYTES(array), PyArray_BYTES(array) + PyArray_NBYTES(array));
}

nb::object new_numbers(bool of_double, std::initializer_list<int64_t> shape) {
    return of_double ? new_array<double>(shape) : new_array<float>(shape);
}

// What compute(memory of `to`) fills, without the GIL where that takes long; None where it is false.
template <class Compute>
nb::object filled_or_none(nb::object to, double work, const Compute& compute) {
    void* numbers = PyArray_DATA(reinterpret_cast<PyArrayObject*>(to.ptr()));
    const bool held =
        work < WORTH_RELEASING_THE_GIL ? compute(numbers) : outside_python([&](auto&) { return compute(numbers); });
    return held ? to : nb::none();
}

// (X, out or None): the outputs, or None where X or out is anything but what can be read and written as it lies.
template <class T>
nb::object outputs_or_none(const ScaledPredictor<T>& of, PyObject* X, PyObject* given) {
    StridedRows rows;
    if (!are_rows(X, of.p, rows)) return nb::none();
    const bool wide = of.predictor.gives_double_outputs();
    if (given != Py_None && !is_output(given, wide ? NPY_DOUBLE : NPY_FLOAT, of.m, rows, of.p)) return nb::none();
    return filled_or_none(given == Py_None ? new_numbers(wide, {rows.n, of.m}) : nb::borrow(given),
                          double(rows.n) * double(of.P),
                          [&](void* out) { return of.predictor.outputs(rows, out, of.threads); });
}

// dy/dx, or None where X is anything but what can be read as it lies.
template <class T>
nb::object jacobian_or_none(const ScaledPredictor<T>& of, PyObject* X) {
    StridedRows rows;
    if (!are_rows(X, of.p, rows)) return nb::none();
    const double passes = double(1 + (of.p < of.m ? of.p : of.m));
    return filled_or_none(new_numbers(of.predictor.gives_double_derivatives(), {rows.n, of.m, of.p}),
                          double(rows.n) * double(of.P) * passes,
                          [&](void* dy_dx) { return of.predictor.jacobian(rows, dy_dx, of.threads); });
}

// d2y/dx2, or None where X is anything but what can be read as it lies.
template <class T>
nb::object hessian_or_none(const ScaledPredictor<T>& of, PyObject* X) {
    StridedRows rows;
    if (!are_rows(X, of.p, rows)) return nb::none();
    return filled_or_none(new_numbers(of.predictor.gives_double_derivatives(), {rows.n, of.m, of.p, of.p}),
                          double(rows.n) * double(of.P) * double(1 + of.p * (1 + of.m)),
                          [&](void* d2y_dx2) { return of.predictor.hessian(rows, d2y_dx2, of.threads); });
}

// A new reference to what compute(predictor) gives, or null with Python's exception set.
template <class T, class Compute>
PyObject* returned_to_python(PyObject* self, const Compute& compute) noexcept {
    try {
        return compute(*nb::inst_ptr<ScaledPredictor<T>>(self)).release().ptr();
    } catch (nb::python_error& error) {
        error.restore();
    } catch (const std::bad_alloc&) {
        PyErr_NoMemory();
    } catch (const std::exception& error) {
        PyErr_SetString(PyExc_RuntimeError, error.what());
    }
    return nullptr;
}

// All are called by the interpreter itself: through nanobind's own functions one row would take twice as long.
template <class T>
PyObject* call_predictor(PyObject* self, PyObject* arguments, PyObject* keywords) noexcept {
    if (keywords != nullptr || PyTuple_Size(arguments) != 2 || !nb::inst_ready(self)) {
        PyErr_SetString(PyExc_TypeError, "A predictor takes two arguments, X and out.");
        return nullptr;
    }
    return returned_to_python<T>(self, [arguments](const ScaledPredictor<T>& of) {
        return outputs_or_none(of, PyTuple_GetItem(arguments, 0), PyTuple_GetItem(arguments, 1));
    });
}
template <class T, nb::object (*Derivative)(const ScaledPredictor<T>&, PyObject*)>
PyObject* derivative_of_predictor(PyObject* self, PyObject* X) noexcept {
    if (!nb::inst_ready(self)) {
        PyErr_SetString(PyExc_TypeError, "A predictor comes from `predictor` alone.");
        return nullptr;
    }
    return returned_to_python<T>(self, [X](const ScaledPredictor<T>& of) { return Derivative(of, X); });
}

template <class T>
void define_predictor(nb::module_& module, const char* name) {
    static PyMethodDef methods[] = {{"jacobian", derivative_of_predictor<T, jacobian_or_none<T>>, METH_O, nullptr},
                                    {"hessian", derivative_of_predictor<T, hessian_or_none<T>>, METH_O, nullptr},
                                    {nullptr, nullptr, 0, nullptr}};
    static const PyType_Slot slots[] = {{Py_tp_call, reinterpret_cast<void*>(call_predictor<T>)},
                                        {Py_tp_methods, static_cast<void*>(methods)},
                                        {0, nullptr}};
    nb::class_<ScaledPredictor<T>>(module, name, nb::type_slots(slots));
}

// Shift and scale of so many columns, both None for no scaling.
ColumnScaling scaling_from(nb::handle shift, nb::handle scale, int64_t columns) {
    if (shift.is_none() && scale.is_none()) return {nullptr, nullptr};
    return {readable<double>(shift, "shift", {columns}), readable<double>(scale, "scale", {columns})};
}

nb::object new_predictor(const Layers& layers, nb::handle parameters, nb::handle input_shift, nb::handle input_scale,
                         nb::handle target_shift, nb::handle target_scale, int n_threads) {
    return for_dtype_of(parameters, [&](auto zero) {
        using T = decltype(zero);
        const int64_t p = layers.front().inputs, m = layers.back().outputs, P = count_parameters(layers);
        const T* numbers = readable<T>(parameters, "parameters", {P});
        const ColumnScaling inputs = scaling_from(input_shift, input_scale, p);
        const ColumnScaling targets = scaling_from(target_shift, target_scale, m);
        return nb::cast(
            new ScaledPredictor<T>{p, m, P, threads_from(n_threads), Predictor<T>(layers, numbers, inputs, targets)},
            nb::rv_policy::take_ownership);
    });
}

}  // namespace

void bind_predictors(nb::module_& module) {
    memory_map = reinterpret_cast<PyTypeObject*>(nb::module_::import_("numpy").attr("memmap").inc_ref().ptr());
    define_predictor<float>(module, "PredictorFloat32");
    define_predictor<double>(module, "PredictorFloat64");
    module.def("predictor", &new_predictor, nb::arg(), nb::arg(), nb::arg().none(), nb::arg().none(), nb::arg().none(),
               nb::arg().none(), nb::arg());
}

}  // namespace fitnet::bindings
