"""What the files in deploy/ say of the program, and of each other, is so."""

import re
from itertools import pairwise

import pytest

from bot.__main__ import VERBS
from bot.engine.delivery import SEND_SECONDS
from bot.environment import variable
from bot.settings import Settings
from bot.shards import Shards
from bot.supervise import LIMIT_SECONDS, STOP_SECONDS, WORK_SECONDS
from tests.deploy.files import (
    UNITS,
    Started,
    bots,
    dockerfile,
    image_variables,
    manifests,
    pods,
    stage,
    starts,
    texts,
    unit,
)


def test_every_variable_is_a_setting() -> None:
    known = {variable(field) for field in Settings.model_fields}
    for path, text in texts().items():
        named = set(re.findall(r"\bSTEPPINGSTONE_[A-Z_]+\b", text))
        assert named <= known, path


@pytest.mark.parametrize("started", list(starts()), ids=lambda each: each.where)
def test_the_program_takes_the_words_it_is_started_with(started: Started) -> None:
    verb, *words = started.words
    [found] = [each for each in VERBS if each.name == verb]
    options = dict(found.options)
    assert {word for word in words if word.startswith("--")} <= options.keys()
    for word, value in pairwise(words):
        choices = options[word].get("choices") if word.startswith("--") else None
        assert choices is None or value in choices


def test_every_role_runs_once_in_each_of_the_two_that_split_them() -> None:
    for where in ("compose.yaml", "kubernetes"):
        roles = [each.words for each in starts() if each.where.startswith(where)]
        assert sorted(words[-1] for words in roles if words[0] == "run") == ["discord", "slack", "worker"]
        assert [words[0] for words in roles if words[0] != "run"].count("migrate") == 1
        assert [words[0] for words in roles if words[0] != "run"].count("backup") == 1


def test_ports_are_the_one_that_the_image_listens_on() -> None:
    port = image_variables()["STEPPINGSTONE_HTTP_PORT"]
    assert port == str(Settings.model_fields["http_port"].default)
    assert [each.text for each in dockerfile() if each.name == "EXPOSE"] == [port]
    assert {each.rpartition(":")[2] for service in bots().values() for each in service.get("ports", [])} == {port}
    named = {
        "containerPort": re.compile(r"containerPort: (\d+)"),
        "scraped": re.compile(r'prometheus.io/port: "(\d+)"'),
    }
    kubernetes = "".join(text for path, text in texts().items() if "kubernetes" in path)
    for pattern in named.values():
        assert set(pattern.findall(kubernetes)) == {port}
    policies = [manifests()[f"NetworkPolicy/{name}"]["spec"]["ingress"] for name in ("everybody", "slack")]
    assert {rule["ports"][0]["port"] for rules in policies for rule in rules} == {int(port)}


def test_data_lies_where_the_image_keeps_it() -> None:
    data = image_variables()["STEPPINGSTONE_DATA_DIR"]
    assert [each.text for each in stage(-1) if each.name == "VOLUME"] == [data]
    assert [volume.partition(":")[2] for volume in bots()["backup"]["volumes"]] == [data]
    mounts = pods()["CronJob/backup"]["spec"]["containers"][0]["volumeMounts"]
    assert data in {each["mountPath"] for each in mounts}
    for each in starts():
        if each.words[0] == "backup" and not each.where.endswith(".service"):
            assert each.words[1].startswith(f"{data}/")


def test_users_are_the_image_s() -> None:
    [user] = [each.text for each in stage(-1) if each.name == "USER"]
    for pod in pods().values():
        context = pod["spec"]["securityContext"]
        assert f"{context['runAsUser']}:{context['runAsGroup']}" == user
        assert context["fsGroup"] == context["runAsGroup"]


def test_everybody_waits_longer_than_the_bot_takes_to_stop() -> None:
    compose = {service["stop_grace_period"] for service in bots().values()}
    kubernetes = {
        pod["spec"]["terminationGracePeriodSeconds"]
        for pod in pods().values()
        if pod["spec"]["containers"][0]["args"][0] == "run"
    }
    [seconds] = unit("steppingstone.service")["TimeoutStopSec"]
    assert compose == {f"{seconds}s"}
    assert kubernetes == {int(seconds)}
    before = [pod["spec"]["containers"][0].get("lifecycle") for pod in pods().values()]
    pauses = [int(each["preStop"]["exec"]["command"][1]) for each in before if each is not None]
    assert int(seconds) > LIMIT_SECONDS + max(pauses)
    assert LIMIT_SECONDS > WORK_SECONDS + STOP_SECONDS


def test_a_message_on_its_way_has_its_time_within_that() -> None:
    assert WORK_SECONDS > SEND_SECONDS


def test_the_words_about_a_stop_are_true() -> None:
    [run] = [each for each in VERBS if each.name == "run"]
    assert f"within {LIMIT_SECONDS:.0f} seconds" in run.details
    assert f"within {LIMIT_SECONDS:.0f} seconds" in texts()["docs/hosting.md"]


def test_every_pod_has_a_shard_of_its_own() -> None:
    spec = manifests()["StatefulSet/discord"]["spec"]
    [given] = [each["value"] for each in spec["template"]["spec"]["containers"][0]["env"] if "value" in each]
    count = spec["replicas"]
    served = [Shards.parse(given.replace("$(POD_INDEX)", str(index))) for index in range(count)]
    assert [number for shards in served for number in shards] == list(range(count))


def test_every_backup_is_kept_as_long_as_the_others() -> None:
    kept = {each.words[each.words.index("--keep") + 1] for each in starts() if each.words[0] == "backup"}
    assert len(kept) == 1


def test_the_page_for_hosts_names_every_file_that_a_host_takes() -> None:
    page = texts()["docs/hosting.md"]
    for name in ("deploy/compose.yaml", "deploy/Dockerfile", "deploy/kubernetes", "secrets.example.yaml"):
        assert name in page
    assert all(path.name in page for path in UNITS.iterdir())
