// Instruction sets.
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bindings/contents.hpp"
#include "fitnet.hpp"

namespace fitnet::bindings {

void bind_levels(nb::module_& module) {
    module.def("level", &level);
    module.def("available_levels", &available_levels);
}

}  // namespace fitnet::bindings
