// Layers and their activations.
#include "bindings/networks.hpp"

#include <nanobind/stl/vector.h>

#include "bindings/contents.hpp"

namespace fitnet::bindings {

namespace {

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

}  // namespace

int64_t count_parameters(const Layers& layers) {
    int64_t count = 0;
    for (const Layer& layer : layers) count += (layer.inputs + 1) * layer.outputs;
    return count;
}

void bind_networks(nb::module_& module) {
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
    nb::class_<Layers>(module, "Layers").def("__init__", [](Layers* self, const std::vector<nb::object>& layers) {
        new (self) Layers(layers_from(layers));
    });
}

}  // namespace fitnet::bindings
