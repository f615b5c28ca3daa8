"""Model files whose checksum is right, however wrong what they hold."""

import json

from safetensors.numpy import save

from fitnet.files import container
from fitnet.model import file

ALWAYS = ("parameters", "example_inputs", "example_outputs")  # the tensors that every model file has


def stored(path):
    """What the model file at `path` holds: version, description (JSON text) and tensors."""
    return container.read(path, file.FORMAT)


def forge(path, whole, description=None, metadata=(), version=None, **tensors):
    """`whole` in a file at `path`, with this description (JSON or text), metadata and tensors (gone where None)."""
    description = whole.description if description is None else description
    text = description if isinstance(description, str) else json.dumps(description)
    arrays = {name: array for name, array in (whole.tensors | tensors).items() if array is not None}
    named = {"format": "fitnet-model", "format_version": str(version or whole.version), "description": text}
    path.write_bytes(save(arrays, named | {"checksum": container.checksum(text, arrays)} | dict(metadata)))
    return path
