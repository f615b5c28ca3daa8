// What the module holds, one subject a file.
#pragma once

#include <nanobind/nanobind.h>

namespace fitnet::bindings {

namespace nb = nanobind;

void bind_levels(nb::module_& module);
void bind_networks(nb::module_& module);
void bind_losses(nb::module_& module);
void bind_optimizers(nb::module_& module);
void bind_predictions(nb::module_& module);
void bind_predictors(nb::module_& module);
void bind_covariances(nb::module_& module);
void bind_training(nb::module_& module);
void bind_least_squares(nb::module_& module);
void bind_cholesky(nb::module_& module);
void bind_shares(nb::module_& module);

}  // namespace fitnet::bindings
