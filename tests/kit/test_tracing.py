from lk_graphql.kit.tracing import TRACING, Tracing, fingerprint


def test_without_a_tracer_spans_record_nothing_and_carry_nothing():
    with TRACING.span("sql", statement="0") as span:
        span.describe("other", rows=1)
    assert (TRACING.is_on, TRACING.headers()) == (False, {})


def test_without_a_tracer_all_spans_are_the_same_object():
    tracing = Tracing()
    assert tracing.span("a") is tracing.span("b", rows=1)


def test_a_fingerprint_follows_from_the_text_alone():
    assert fingerprint("SELECT 1") == fingerprint("SELECT 1") != fingerprint("SELECT 2")
    assert len(fingerprint("SELECT 1")) == 12
