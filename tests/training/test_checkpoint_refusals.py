"""Refusals: what cannot be resumed is said in one sentence that names what differs, and changes nothing."""

import numpy as np
import pytest
from resuming import broken_off, trained

from fitnet import Adam, Checkpoint, Cosine, Dense, GradientDescent, Model, Momentum, Network
from fitnet.engine import ENGINES
from fitnet.errors import ArgumentTypeError, ArgumentValueError, CheckpointFileError, CheckpointMismatchError
from fitnet.training import checkpoint_file

BEGUN = {"solver": Adam(1e-2), "batch_size": 7, "engine": "reference"}
DATA = "is not what the training in {path} was begun with; to resume it must be the same in every bit."
SETTING = "; to resume the training in {path} it must be {was}, as it was."


@pytest.fixture
def checkpoint(network, data, tmp_path):
    """Of a training that broke off after six of twelve epochs."""
    kept = Checkpoint(tmp_path / "training.ckpt", every=3)
    broken_off(network, data, 8, checkpoint=kept, **BEGUN)
    return kept


def refusal(network, data, checkpoint, error=CheckpointMismatchError, **changes):
    """The sentence with which resuming is refused; neither the file nor the generator has changed."""
    before = checkpoint.path.read_bytes()
    generator = np.random.default_rng(0)
    with pytest.raises(error) as raised:
        trained(network, data, **{"generator": generator, "checkpoint": checkpoint, "resume": True} | BEGUN | changes)
    assert type(raised.value) is error
    if error is CheckpointMismatchError:
        assert str(raised.value).startswith(f"`{raised.value.argument}` is ")
    assert checkpoint.path.read_bytes() == before
    assert generator.bit_generator.state == np.random.default_rng(0).bit_generator.state
    return str(raised.value)


def moved(array):
    """The same but for the last bit of one entry."""
    other = array.astype("float32")
    other[3] = np.nextafter(other[3], np.float32(np.inf))
    return other


def test_other_data_are_refused(network, data, validation, checkpoint):
    path = checkpoint.path
    X, Y = data
    assert refusal(network, (moved(X), Y), checkpoint) == f"`X` {DATA.format(path=path)}"
    assert refusal(network, (X, moved(Y)), checkpoint) == f"`Y` {DATA.format(path=path)}"
    assert refusal(network, (X[:50], Y[:50]), checkpoint) == f"`X` {DATA.format(path=path)}"
    assert refusal(network, data, checkpoint, weights=np.ones(60)) == f"`weights` {DATA.format(path=path)}"
    assert refusal(network, data, checkpoint, validation=validation) == f"`validation` {DATA.format(path=path)}"
    start = np.zeros(network.n_parameters)
    assert refusal(network, data, checkpoint, parameters=start) == f"`parameters` {DATA.format(path=path)}"


@pytest.mark.parametrize("part", [0, 1])
def test_other_validation_data_are_refused(network, data, validation, tmp_path, part):
    kept = Checkpoint(tmp_path / "training.ckpt", every=3)
    broken_off(network, data, 8, checkpoint=kept, validation=validation, **BEGUN)
    other = tuple(moved(array) if i == part else array for i, array in enumerate(validation))
    assert refusal(network, data, kept, validation=other) == f"`validation` {DATA.format(path=kept.path)}"


ADAM = (
    "Adam(learning_rate=0.01, beta1=0.9, beta2=0.999, epsilon=1e-08, schedule=Constant(), max_epochs=None, "
    "weight_decay=0.0)"
)


@pytest.mark.parametrize(
    ("changes", "name", "now", "was"),
    [
        ({"batch_size": 8}, "batch_size", "8", "7"),
        ({"batch_size": None}, "batch_size", "60", "7"),
        ({"dtype": "float64"}, "dtype", "'float64'", "'float32'"),
        ({"initialization": "glorot"}, "initialization", "'glorot'", "'he'"),
        ({"solver": Adam(1e-2, weight_decay=0.1)}, "solver", ADAM.replace("decay=0.0", "decay=0.1"), ADAM),
        ({"solver": Adam(0.011)}, "solver", ADAM.replace("0.01", "0.011"), ADAM),
        (
            {"solver": Momentum()},
            "solver",
            "Momentum(learning_rate=0.01, momentum=0.9, schedule=Constant(), max_epochs=None)",
            ADAM,
        ),
        (
            {"solver": GradientDescent()},
            "solver",
            "GradientDescent(learning_rate=0.01, schedule=Constant(), max_epochs=None)",
            ADAM,
        ),
        (
            {"solver": Adam(1e-2, schedule=Cosine())},
            "solver",
            ADAM.replace("Constant()", "Cosine(final_factor=0.0)"),
            ADAM,
        ),
    ],
)
def test_other_settings_are_refused(network, data, checkpoint, changes, name, now, was):
    sentence = f"`{name}` is {now}" + SETTING.format(path=checkpoint.path, was=was)
    assert refusal(network, data, checkpoint, **changes) == sentence


def test_another_patience_is_refused(network, data, validation, tmp_path):
    kept = Checkpoint(tmp_path / "training.ckpt", every=3)
    broken_off(network, data, 8, checkpoint=kept, validation=validation, **BEGUN)
    sentence = "`patience` is 5" + SETTING.format(path=kept.path, was="None")
    assert refusal(network, data, kept, validation=validation, patience=5) == sentence


def test_another_network_is_refused(data, checkpoint):
    layers = "Network(layers=[Dense(inputs=2, outputs=8, activation={}), Dense(inputs=8, outputs=1, activation={})])"
    now, was = layers.format("'relu'", "'identity'"), layers.format("'tanh'", "'identity'")
    sentence = f"`network` is {now}" + SETTING.format(path=checkpoint.path, was=was)
    other = Network((Dense(2, 8, "relu"), Dense(8, 1)))
    assert refusal(other, data, checkpoint) == sentence


@pytest.mark.skipif("native" not in ENGINES, reason="the native engine was not built")
def test_another_engine_is_refused(network, data, checkpoint):
    sentence = "`engine` is 'native'" + SETTING.format(path=checkpoint.path, was="'reference'")
    assert refusal(network, data, checkpoint, engine="native") == sentence


def test_another_seed_is_refused(network, data, checkpoint):
    with pytest.raises(CheckpointMismatchError) as raised:
        trained(network, data, seed=1, checkpoint=checkpoint, resume=True, **BEGUN)
    assert raised.value.argument == "generator"
    assert str(raised.value) == (
        f"`generator` is in another state than when the training in {checkpoint.path} began; "
        "to resume it must be seeded as it was then, or be what Checkpoint.generator() gives."
    )


def test_fewer_epochs_than_are_done_are_refused(network, data, checkpoint):
    assert refusal(network, data, checkpoint, epochs=5) == (
        f"`epochs` is 5; to resume the training in {checkpoint.path} it must be at least 6, which are done."
    )


@pytest.mark.parametrize("epochs", [6, 11, 13])
def test_other_epochs_are_refused_where_the_schedule_depends_on_them(network, data, tmp_path, epochs):
    kept = Checkpoint(tmp_path / "training.ckpt", every=3)
    cosine = {"solver": Adam(1e-2, schedule=Cosine())}
    broken_off(network, data, 8, checkpoint=kept, **BEGUN | cosine)
    assert refusal(network, data, kept, epochs=epochs, **cosine) == (
        f"`epochs` is {epochs}; to resume the training in {kept.path} it must be 12, as it was, "
        "because the learning rate's schedule depends on it."
    )


def test_damaged_file_is_refused(network, data, checkpoint):
    whole = checkpoint.path.read_bytes()
    checkpoint.path.write_bytes(whole[:-1])
    assert refusal(network, data, checkpoint, CheckpointFileError) == (
        f"{checkpoint.path} is not a fitnet checkpoint file, or it was cut short or damaged."
    )
    checkpoint.path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert refusal(network, data, checkpoint, CheckpointFileError) == (
        f"{checkpoint.path} was altered or damaged after it was written: its checksum does not match."
    )


def test_model_file_is_refused(network, data, tmp_path):
    kept = Checkpoint(tmp_path / "model.fitnet")
    Model(network, np.zeros(network.n_parameters, "float32")).save(kept.path)
    sentence = f"{kept.path} is a safetensors file, but not a fitnet checkpoint."
    assert refusal(network, data, kept, CheckpointFileError) == sentence


def test_vectors_of_another_network_are_refused(network, data, checkpoint):
    contents = checkpoint_file.read(checkpoint.path)
    snapshot = contents.snapshot
    snapshot.state.moments = snapshot.state.moments[:1]
    checkpoint_file.write(checkpoint.path, contents)
    assert refusal(network, data, checkpoint, CheckpointFileError) == (
        f"{checkpoint.path} is damaged: what it holds does not fit its own settings."
    )


class OwnBits(np.random.PCG64):
    """A bit generator that is not NumPy's."""


def test_bit_generator_of_the_users_own_is_refused(network, data, tmp_path):
    generator = np.random.Generator(OwnBits(0))
    with pytest.raises(ArgumentValueError) as raised:
        trained(network, data, generator=generator, checkpoint=Checkpoint(tmp_path / "a.ckpt"))
    assert str(raised.value) == (
        "`generator` draws from OwnBits, which a checkpoint cannot hold; "
        "it must draw from one of PCG64, PCG64DXSM, MT19937, Philox, SFC64."
    )


@pytest.mark.parametrize(
    ("changes", "error", "sentence"),
    [
        ({"resume": True}, ArgumentValueError, "`resume` needs a `checkpoint` to go on from."),
        ({"resume": 1}, ArgumentTypeError, "`resume` is 1; it must be True or False."),
        (
            {"checkpoint": "a.ckpt"},
            ArgumentTypeError,
            "`checkpoint` is 'a.ckpt'; it must be a Checkpoint, such as Checkpoint('a.ckpt').",
        ),
    ],
)
def test_wrong_argument_is_refused(network, data, changes, error, sentence):
    with pytest.raises(error) as raised:
        trained(network, data, **changes)
    assert str(raised.value) == sentence


def test_path_that_cannot_be_written_is_refused_before_training(network, data, tmp_path):
    for path, sentence in [
        (tmp_path, f"`checkpoint` writes to {tmp_path}, which is a folder; it must be a file."),
        (
            tmp_path / "no" / "a",
            f"`checkpoint` writes to {tmp_path / 'no' / 'a'}, whose folder does not exist; it must.",
        ),
    ]:
        generator = np.random.default_rng(0)
        with pytest.raises(ArgumentValueError) as raised:
            trained(network, data, generator=generator, checkpoint=Checkpoint(path))
        assert str(raised.value) == sentence
        assert generator.bit_generator.state == np.random.default_rng(0).bit_generator.state


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ((3,), ArgumentTypeError, "`path` is 3; it must be a file's name."),
        ((b"a.ckpt",), ArgumentTypeError, "`path` is b'a.ckpt'; it must be a file's name."),
        (("a.ckpt", 0), ArgumentValueError, "`every` is 0; it must be at least 1."),
        (("a.ckpt", 1.5), ArgumentTypeError, "`every` is 1.5; it must be a whole number."),
    ],
)
def test_wrong_checkpoint_is_refused(arguments, error, sentence):
    with pytest.raises(error) as raised:
        Checkpoint(*arguments)
    assert str(raised.value) == sentence
