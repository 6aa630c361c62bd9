"""The generated code is what the .proto files say, and every part of them is commented."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import grpc_tools
import pytest
from google.protobuf import descriptor_pb2

PROTO = Path(__file__).parents[2] / "proto"
SOURCES = sorted(PROTO.glob("longtake/v1/*.proto"))
GENERATED = sorted(path.name for path in PROTO.glob("longtake/v1/*_pb2*"))


def protoc(*arguments: str) -> None:
    # google.rpc comes with googleapis-common-protos, the well-known types with grpcio-tools.
    import google.rpc

    common = Path(next(iter(google.rpc.__path__))).parents[1]
    known = Path(grpc_tools.__file__).parent / "_proto"
    command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{PROTO}", f"-I{common}", f"-I{known}"]
    subprocess.run([*command, *arguments, *map(str, SOURCES)], check=True)


@pytest.fixture(scope="module")
def regenerated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("proto")
    protoc(f"--python_out={folder}", f"--pyi_out={folder}", f"--grpc_python_out={folder}")
    return folder / "longtake" / "v1"


def test_there_is_generated_code_for_every_source(regenerated):
    assert sorted(path.name for path in regenerated.iterdir()) == GENERATED
    assert len(GENERATED) == 3 * len(SOURCES)


@pytest.mark.skipif(
    version("grpcio-tools") != "1.85.1", reason="other versions generate other code"
)
@pytest.mark.parametrize("name", GENERATED)
def test_the_generated_code_is_up_to_date(regenerated, name):
    committed = (PROTO / "longtake" / "v1" / name).read_bytes()
    assert (regenerated / name).read_bytes() == committed


def test_everything_is_commented(tmp_path):
    out = tmp_path / "set.bin"
    protoc(f"--descriptor_set_out={out}", "--include_source_info")
    files = descriptor_pb2.FileDescriptorSet.FromString(out.read_bytes()).file
    assert len(files) == len(SOURCES)
    bare = [f"{file.name}: {name}" for file in files for name in _uncommented(file)]
    assert bare == []


def _uncommented(file: descriptor_pb2.FileDescriptorProto) -> list[str]:
    commented = {
        tuple(place.path)
        for place in file.source_code_info.location
        if place.leading_comments.strip()
    }
    return [name for path, name in _parts(file) if path not in commented]


def _parts(file: descriptor_pb2.FileDescriptorProto):
    """Each message, field, oneof, enum, value, service and rpc: its path and its name."""
    for i, message in enumerate(file.message_type):
        assert not message.nested_type, "teach this test nested messages first"
        yield (4, i), message.name
        yield from _members((4, i, 2), message.name, message.field)
        # One that stands for an `optional` field comes after the real ones and has no comment.
        optional = sum(field.proto3_optional for field in message.field)
        written = message.oneof_decl[: len(message.oneof_decl) - optional]
        yield from _members((4, i, 8), message.name, written)
    for i, enum in enumerate(file.enum_type):
        yield (5, i), enum.name
        yield from _members((5, i, 2), enum.name, enum.value)
    for i, service in enumerate(file.service):
        yield (6, i), service.name
        yield from _members((6, i, 2), service.name, service.method)


def _members(path: tuple[int, ...], owner: str, members):
    for i, member in enumerate(members):
        yield (*path, i), f"{owner}.{member.name}"
