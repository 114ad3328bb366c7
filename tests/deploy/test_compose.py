import json
import re

import jsonschema
import pytest

from tests.deploy.files import DEPLOY, ROOT, Tree, bots, compose

SERVICES = pytest.mark.parametrize("service", compose()["services"].values(), ids=list(compose()["services"]))


@pytest.fixture(scope="module")
def specification() -> jsonschema.protocols.Validator:
    schema = json.loads((ROOT / "tests/data/compose-spec.json").read_text("utf-8"))
    return jsonschema.Draft7Validator(schema)


def test_it_is_what_the_compose_specification_allows(specification: jsonschema.protocols.Validator) -> None:
    specification.validate(compose())


def test_a_word_that_the_specification_does_not_know_is_found(specification: jsonschema.protocols.Validator) -> None:
    wrong = {**compose(), "services": {"bot": {"image": "x", "read_onyl": True}}}
    with pytest.raises(jsonschema.ValidationError, match="read_onyl"):
        specification.validate(wrong)


@SERVICES
def test_a_service_may_do_as_little_as_possible(service: Tree) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert not service.get("privileged")
    assert service["security_opt"] == ["no-new-privileges:true"]


@SERVICES
def test_images_are_named_by_a_version(service: Tree) -> None:
    _, colon, tag = service["image"].rpartition(":")
    assert colon
    assert tag != "latest"


def test_only_this_machine_reaches_it_and_nobody_the_database() -> None:
    ports = {name: service["ports"] for name, service in compose()["services"].items() if "ports" in service}
    assert list(ports) == ["slack"]
    assert all(each.startswith("127.0.0.1:") for each in ports["slack"])
    assert compose()["services"]["database"]["networks"] == ["inside"]
    assert compose()["networks"]["inside"] == {"internal": True}


def test_nobody_starts_before_the_database_is_of_the_newest_shape() -> None:
    for name, service in bots().items():
        waits = {each: how["condition"] for each, how in service["depends_on"].items()}
        assert waits.pop("database") == "service_healthy"
        assert waits == ({} if name in {"migrate", "backup"} else {"migrate": "service_completed_successfully"})


def test_what_runs_once_is_not_started_again_and_has_nothing_to_answer() -> None:
    for name, service in bots().items():
        runs = service["command"][0] == "run"
        assert service["restart"] == ("unless-stopped" if runs else {"migrate": "on-failure:3", "backup": "no"}[name])
        assert ("healthcheck" in service) is not runs  # the image's own check


def test_no_secret_is_written_down() -> None:
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    given = "${POSTGRES_PASSWORD:?is missing in deploy/.env}"
    assert set(re.findall(r"PASSWORD: (.+)|steppingstone:([^@\n]+)@", text)) == {(given, ""), ("", given)}
    assert bots()["backup"]["env_file"] == []
    assert {service["env_file"] for name, service in bots().items() if name != "backup"} == {".env"}
    assert "\n.env\n" in (ROOT / ".gitignore").read_text("utf-8")


def test_what_it_is_built_from_is_there() -> None:
    for service in bots().values():
        context = (DEPLOY / service["build"]["context"]).resolve()
        assert context == ROOT
        assert (context / service["build"]["dockerfile"]).is_file()
    assert (ROOT / ".dockerignore").is_file()
