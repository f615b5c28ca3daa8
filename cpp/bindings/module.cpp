// The native engine as the Python module fitnet.engine._native. Only in this folder does C++ know Python.
//
// While the engine computes the GIL is released. That is safe: the engine touches no Python object, the caller's
// arguments hold the arrays alive, and networks and packed weights never change; a trainer refuses a second call at
// once.
#define FITNET_IMPORTS_NUMPY
#include "bindings/arrays.hpp"
#include "bindings/contents.hpp"

NB_MODULE(_native, module) {
    using namespace fitnet::bindings;
    if (PyArray_ImportNumPyAPI() < 0) throw nb::python_error();
    nb::set_leak_warnings(false);  // models that are alive when Python ends are no leak

    bind_levels(module);
    bind_networks(module);
    bind_losses(module);
    bind_optimizers(module);
    bind_predictions(module);
    bind_predictors(module);
    bind_covariances(module);
    bind_training(module);
    bind_least_squares(module);
    bind_cholesky(module);
    bind_shares(module);
}
