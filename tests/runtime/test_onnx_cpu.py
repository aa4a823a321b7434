import threading
from dataclasses import replace

import numpy as np
import onnxruntime
import pytest

from avatard.errors import EngineError
from avatard.runtime.engine_folder import EngineFolder
from avatard.runtime.onnx_cpu import OnnxCpu
from avatard.runtime.parity import random_feeds
from avatard.runtime.plan_cache import PlanCache


def test_it_computes_what_onnx_runtime_computes(engine: EngineFolder, cache: PlanCache) -> None:
    feeds = random_feeds(engine, 1)
    plain = onnxruntime.InferenceSession(engine.onnx, providers=["CPUExecutionProvider"])
    expected = plain.run(["mouth_out", "eyes_out"], feeds)
    with OnnxCpu().open(engine, cache) as session:
        outputs = session.run(feeds)
        np.testing.assert_allclose(outputs["mouth_out"], expected[0], atol=1e-5)
        np.testing.assert_allclose(outputs["eyes_out"], expected[1], atol=1e-5)
        assert np.abs(expected[0]).max() > 0.1


def test_other_inputs_give_other_outputs_in_the_same_buffers(engine: EngineFolder, cache: PlanCache) -> None:
    with OnnxCpu().open(engine, cache) as session:
        first = session.run(random_feeds(engine, 1))
        kept = {name: array.copy() for name, array in first.items()}
        second = session.run(random_feeds(engine, 2))
        for name in kept:
            assert second[name] is first[name]
            assert np.abs(second[name] - kept[name]).max() > 1e-3


def test_outputs_cannot_be_written_to(engine: EngineFolder, cache: PlanCache) -> None:
    with OnnxCpu().open(engine, cache) as session, pytest.raises(ValueError, match="read-only"):
        session.run(random_feeds(engine, 1))["mouth_out"][:] = 0


def test_a_held_input_stays_until_it_is_set_again(engine: EngineFolder, cache: PlanCache) -> None:
    one, two = random_feeds(engine, 1), random_feeds(engine, 2)
    refs = ("mouth_ref", "eyes_ref")
    with OnnxCpu().open(engine, cache) as session:
        whole = session.run(one)["mouth_out"].copy()
        other = session.run({**one, **{name: two[name] for name in refs}})["mouth_out"].copy()
        session.hold({name: one[name] for name in refs})
        rest = {name: feed for name, feed in one.items() if name not in refs}
        np.testing.assert_array_equal(session.run(rest)["mouth_out"], whole)
        session.hold({name: two[name] for name in refs})
        np.testing.assert_array_equal(session.run(rest)["mouth_out"], other)
        assert not np.array_equal(whole, other)


def test_it_may_run_on_another_thread_than_it_was_opened_on(engine: EngineFolder, cache: PlanCache) -> None:
    with OnnxCpu().open(engine, cache) as session:
        here = session.run(random_feeds(engine, 1))["eyes_out"].copy()
        there = []
        thread = threading.Thread(target=lambda: there.append(session.run(random_feeds(engine, 1))["eyes_out"].copy()))
        thread.start()
        thread.join()
        np.testing.assert_array_equal(there[0], here)


def test_feeds_need_not_be_contiguous(engine: EngineFolder, cache: PlanCache) -> None:
    feeds = random_feeds(engine, 1)
    turned = {name: np.asfortranarray(feed) for name, feed in feeds.items()}
    with OnnxCpu().open(engine, cache) as session:
        expected = session.run(feeds)["mouth_out"].copy()
        np.testing.assert_array_equal(session.run(turned)["mouth_out"], expected)


def test_a_missing_or_wrong_feed_is_a_bug(engine: EngineFolder, cache: PlanCache) -> None:
    feeds = random_feeds(engine, 1)
    with OnnxCpu().open(engine, cache) as session:
        with pytest.raises(AssertionError, match="mouth_code"):
            session.run({name: feed for name, feed in feeds.items() if name != "mouth_code"})
        with pytest.raises(AssertionError, match="mouth_code"):
            session.run({**feeds, "mouth_code": feeds["mouth_code"][:, :5]})
        with pytest.raises(AssertionError, match="float64"):
            session.run({**feeds, "mouth_code": feeds["mouth_code"].astype(np.float64)})


def test_an_onnx_that_the_runtime_refuses_is_an_engine_error(engine: EngineFolder, cache: PlanCache) -> None:
    with (
        pytest.raises(EngineError, match="does not take meshnet"),
        OnnxCpu().open(replace(engine, onnx=b"nonsense"), cache),
    ):
        pass
