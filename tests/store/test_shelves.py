"""Recordings on a folder and in a bucket behave alike, and a fault of storage loses nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from core.errors import BadInput, NotFound, Unavailable
from core.recording import Mute, Recording, RecordingState
from core.settings import Settings
from core.spans import TimeSpan
from store.files import StoredFiles, open_files
from store.object_shelf import ObjectShelf
from store.shelf import FolderShelf, Shelf
from store.storage import PIECE
from tests.bucket import Bucket, cut, refusing, slow

ID = "0" * 29 + "1"
NOW = datetime.now(UTC)
TOMORROW = NOW + timedelta(days=1)
FAULTS = {
    "500": refusing("500 Internal Server Error", "InternalError"),
    "403": refusing("403 Forbidden", "AccessDenied"),
    "slow": slow,
    "cut": cut,
}


def recording(*mutes: TimeSpan) -> Recording:
    return Recording(
        id=ID, sha256="0" * 64, name="call.wav", state=RecordingState.RECEIVED, received_at=NOW,
        mutes=tuple(Mute(span) for span in mutes),
    )  # fmt: skip


@pytest.fixture(params=["folder", "bucket", "memory"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    if request.param == "folder":
        return FolderShelf(tmp_path / "var")
    if request.param == "memory":
        return ObjectShelf(f"memory://{tmp_path.name}/recordings", tmp_path / "var")
    bucket: Bucket = request.getfixturevalue("bucket")
    return ObjectShelf(bucket.url, tmp_path / "var")


@pytest.fixture
def files(bucket: Bucket, tmp_path: Path) -> StoredFiles:
    return open_files(Settings(var=tmp_path / "var", recordings_url=bucket.url))


def kept(files: StoredFiles, folder: Path, content: bytes = b"0123456789") -> None:
    (folder / "call.wav").write_bytes(content)
    draft = files.copy_in(folder / "call.wav")
    files.keep(draft, ID)
    files.drop(draft)


def test_a_shelf_gives_back_what_was_put_there(shelf: Shelf, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"0123456789")
    assert shelf.find("a") is None
    assert shelf.names() == ()
    for _ in range(2):
        shelf.put("a", source)
    found = shelf.find("a")
    assert found is not None
    assert (found.size, found.read(2, 5), found.read(0, 10)) == (10, b"234", b"0123456789")
    with shelf.at_hand("a") as path:
        assert path.read_bytes() == b"0123456789"
    assert source.exists()
    source.write_bytes(b"another")
    shelf.put("a", source)
    with shelf.at_hand("a") as path:
        assert path.read_bytes() == b"another"
    with pytest.raises(NotFound), shelf.at_hand("b"):
        pass
    for _ in range(2):
        shelf.delete("a")
    assert shelf.find("a") is None


def test_a_shelf_lists_by_beginning_and_by_age(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(b"x")
    for name in ("b", "a.cut-1", "a", "a.muted-1"):
        shelf.put(name, tmp_path / "source")
    assert shelf.names() == ("a", "a.cut-1", "a.muted-1", "b")
    assert shelf.names("a.") == ("a.cut-1", "a.muted-1")
    assert shelf.names("c") == ()
    assert shelf.names(before=TOMORROW) == shelf.names()
    assert shelf.names("a", before=NOW - timedelta(days=1)) == ()
    assert shelf.drop_unfinished(before=TOMORROW) == 0
    assert not shelf.keeps_deleted()


def test_copies_are_kept_and_deleted_with_their_recording(
    files: StoredFiles, bucket: Bucket, tmp_path: Path
) -> None:
    kept(files, tmp_path)
    whole, second = recording(), TimeSpan(1.0, 2.0)
    with files.cutting(whole, second) as target:
        target.write_bytes(b"a second")
    found = files.snippet(whole, second)
    assert found is not None
    assert found.read(0, found.size) == b"a second"

    muted = recording(TimeSpan(1.2, 1.5))
    with pytest.raises(NotFound, match="being silenced"):
        files.heard(muted)
    with files.original(muted) as path, files.muting(muted) as target:
        target.write_bytes(path.read_bytes().replace(b"1", b"0"))
    assert files.heard(muted).read(0, 3) == b"002"
    with files.at_hand(muted) as path:
        assert path.read_bytes() == b"0023456789"
    assert files.snippet(whole, second) is None, "it held what is silenced since"
    with pytest.raises(RuntimeError), files.muting(recording(second)):
        raise RuntimeError("broken off")
    assert len(bucket.names()) == 2
    assert list((tmp_path / "var" / "recordings").iterdir()) == []

    assert files.kept(before=TOMORROW) == (ID,)
    for _ in range(2):
        files.delete(ID)
    assert bucket.names() == []
    with pytest.raises(NotFound, match="not kept any more"):
        files.heard(whole)
    with pytest.raises(BadInput):
        files.delete("../../house")


def test_what_others_keep_there_is_left_alone(
    files: StoredFiles, bucket: Bucket, tmp_path: Path
) -> None:
    kept(files, tmp_path)
    system = bucket.client()
    for name in ("notes.txt", f"old/{ID[:-1]}2", f"{ID}-more"):
        system.pipe_file(f"{bucket.url}/{name}", b"x")
    system.pipe_file(f"{bucket.url}-2/{ID[:-1]}3", b"x")
    assert files.kept(before=TOMORROW) == (ID,)
    files.delete(ID)
    assert len(bucket.names()) == 3
    assert system.exists(f"{bucket.url}-2/{ID[:-1]}3")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_while_storing_keeps_nothing(
    files: StoredFiles, bucket: Bucket, tmp_path: Path, fault: str
) -> None:
    bucket.fail(FAULTS[fault], "PUT", "POST")
    with pytest.raises(Unavailable, match=r"PARLEY_RECORDINGS_URL") as caught:
        kept(files, tmp_path)
    assert caught.value.retryable
    assert bucket.url in str(caught.value)
    assert "of-the-house" not in str(caught.value)
    bucket.mend()
    assert bucket.names() == []
    kept(files, tmp_path)
    assert bucket.read(ID) == b"0123456789"


READS: dict[str, Callable[[StoredFiles], object]] = {
    "heard": lambda files: files.heard(recording()),
    "at hand": lambda files: files.at_hand(recording()).__enter__(),
    "kept": lambda files: files.kept(before=TOMORROW),
    "unfinished": lambda files: files.drop_unfinished(before=TOMORROW),
    "deleted": lambda files: files.delete(ID),
    "tried out": lambda files: files.try_out(),
}


@pytest.mark.parametrize(
    "read, fault",
    [
        *product(("heard", "at hand"), FAULTS),
        *product(("kept", "unfinished", "deleted", "tried out"), ("500",)),
    ],
)
def test_a_fault_is_told_and_leaves_nothing_behind(
    files: StoredFiles, bucket: Bucket, tmp_path: Path, read: str, fault: str
) -> None:
    kept(files, tmp_path)
    bucket.fail(FAULTS[fault], "GET", "HEAD", "DELETE")
    with pytest.raises(Unavailable) as caught:
        READS[read](files)
    assert caught.value.retryable
    assert list((tmp_path / "var" / "recordings").iterdir()) == []
    bucket.mend()
    assert ID in bucket.names()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_while_a_browser_reads_is_told(
    files: StoredFiles, bucket: Bucket, tmp_path: Path, fault: str
) -> None:
    kept(files, tmp_path)
    sound = files.heard(recording())
    bucket.fail(FAULTS[fault], "GET")
    with pytest.raises(Unavailable):
        sound.read(0, 5)
    bucket.mend()
    assert sound.read(0, 5) == b"01234"
    files.delete(ID)
    with pytest.raises(NotFound):
        sound.read(0, 5)


def test_a_download_that_is_cut_once_goes_on(
    files: StoredFiles, bucket: Bucket, tmp_path: Path
) -> None:
    whole = bytes(range(256)) * 4096  # 1 MiB
    kept(files, tmp_path, whole)

    def once(storage: object, environ: object, start: object) -> object:
        bucket.mend()
        return cut(bucket.storage, environ, start)  # type: ignore[arg-type]

    bucket.fail(once, "GET")  # type: ignore[arg-type]
    with files.at_hand(recording()) as path:
        assert path.read_bytes() == whole


def test_a_large_recording_is_sent_and_fetched_in_pieces(
    files: StoredFiles, bucket: Bucket, tmp_path: Path
) -> None:
    block = bytes(range(256)) * 4096
    with (tmp_path / "call.wav").open("wb") as out:
        for _ in range(5 * PIECE // len(block)):
            out.write(block)
    draft = files.copy_in(tmp_path / "call.wav")
    size = 5 * PIECE
    bucket.storage.seen.clear()
    files.keep(draft, ID)
    assert bucket.storage.seen.count("PUT") == 5
    found = files.heard(recording())
    assert (found.size, found.read(size - 3, size)) == (size, block[-3:])
    with files.at_hand(recording()) as path:
        assert path.read_bytes() == block * (size // len(block))


def test_a_large_recording_is_never_half_there(
    files: StoredFiles, bucket: Bucket, tmp_path: Path
) -> None:
    (tmp_path / "call.wav").write_bytes(bytes(3 * PIECE))
    draft = files.copy_in(tmp_path / "call.wav")
    bucket.fail(FAULTS["500"], "PUT", spared=1)
    with pytest.raises(Unavailable):
        files.keep(draft, ID)
    bucket.mend()
    assert (bucket.names(), bucket.unfinished()) == ([], [])


def test_parts_of_an_upload_that_was_killed_are_deleted(files: StoredFiles, bucket: Bucket) -> None:
    system = bucket.client()
    for key in (f"recordings/{ID}", f"others/{ID}"):
        system.call_s3("create_multipart_upload", Bucket=bucket.name, Key=key)
    began = bucket.began()  # moto says 2010 of all
    assert files.drop_unfinished(before=began) == 0
    assert files.drop_unfinished(before=began + timedelta(seconds=1)) == 1
    assert bucket.unfinished() == [f"others/{ID}"], "what is not ours stays"


def test_trying_out_leaves_nothing(files: StoredFiles, bucket: Bucket) -> None:
    files.try_out()
    assert bucket.names() == []
    assert not files.keeps_deleted()
    bucket.client().make_bucket_versioned(bucket.name)
    assert files.keeps_deleted()


def test_a_bucket_that_is_not_there_is_told(bucket: Bucket, tmp_path: Path) -> None:
    files = open_files(Settings(var=tmp_path, recordings_url=f"{bucket.url[:-12]}-none/x"))
    with pytest.raises(Unavailable, match="cannot be used now"):
        files.try_out()
    with pytest.raises(Unavailable, match="cannot be used now"):
        kept(files, tmp_path)


def test_a_folder_elsewhere_is_used_as_it_is(tmp_path: Path) -> None:
    files = open_files(Settings(var=tmp_path / "var", recordings_url=f"file://{tmp_path}/share"))
    kept(files, tmp_path)
    assert (tmp_path / "share" / ID).read_bytes() == b"0123456789"
    files.try_out()
    assert [path.name for path in (tmp_path / "share").iterdir()] == [ID]


def test_a_disk_that_cannot_hold_the_copy_is_told(
    files: StoredFiles, bucket: Bucket, tmp_path: Path
) -> None:
    kept(files, tmp_path)
    (tmp_path / "var" / "recordings").rmdir()
    (tmp_path / "var" / "recordings").write_text("in the way")
    with pytest.raises(Unavailable, match="the disk of PARLEY_VAR"), files.at_hand(recording()):
        pass
    assert bucket.names() == [ID]
