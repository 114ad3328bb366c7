import shutil
import subprocess
from typing import Any

import kubernetes_validate
import pytest
import yaml

from bot.platforms.slack.manifest import EVENTS_PATH
from db.keyring import Keyring
from tests.deploy.files import DEPLOY, Tree, manifests, pods

FOLDER = DEPLOY / "kubernetes"
OLDEST, NEWEST = "1.28", "1.37"
"""The oldest one numbers the pods of a StatefulSet in a label; the newest one is what the schemas know."""

PODS = pytest.mark.parametrize("pod", pods().values(), ids=list(pods()))


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
@pytest.mark.parametrize("manifest", manifests().values(), ids=list(manifests()))
def test_every_manifest_is_what_kubernetes_takes(manifest: Tree, version: str) -> None:
    kubernetes_validate.validate(manifest, version, strict=True)


def test_a_word_that_kubernetes_does_not_know_is_found() -> None:
    wrong = {**manifests()["Deployment/worker"], "sepc": {}}
    with pytest.raises(kubernetes_validate.ValidationError, match="sepc"):
        kubernetes_validate.validate(wrong, NEWEST, strict=True)


def test_the_kustomization_holds_every_manifest_but_the_examples() -> None:
    kustomization = yaml.safe_load((FOLDER / "kustomization.yaml").read_text("utf-8"))
    files = {path.name for path in FOLDER.glob("*.yaml")} - {"kustomization.yaml"}
    assert set(kustomization["resources"]) == {name for name in files if not name.endswith(".example.yaml")}
    [image] = kustomization["images"]
    assert {pod["spec"]["containers"][0]["image"] for pod in pods().values()} == {image["name"]}
    assert image["newTag"] != "latest"


def test_kustomize_puts_them_together() -> None:
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("kubectl is not installed: it brings kustomize")
    done = subprocess.run([kubectl, "kustomize", FOLDER], capture_output=True, text=True, check=True)
    made = list(yaml.safe_load_all(done.stdout))
    assert len(made) == len([each for each in manifests().values() if each["metadata"].get("namespace") is None])
    assert {each["metadata"].get("namespace") for each in made if each["kind"] != "Namespace"} == {"steppingstone"}
    assert "image: steppingstone\n" not in done.stdout


@PODS
def test_a_pod_keeps_to_the_restricted_standard(pod: Tree) -> None:
    context = pod["spec"]["securityContext"]
    assert context["runAsNonRoot"] is True
    assert context["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["spec"]["automountServiceAccountToken"] is False
    for container in pod["spec"]["containers"]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
    labels = manifests()["Namespace/steppingstone"]["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"


@PODS
def test_a_pod_says_what_it_needs(pod: Tree) -> None:
    for container in pod["spec"]["containers"]:
        assert {"cpu", "memory"} <= container["resources"]["requests"].keys()
        assert "memory" in container["resources"]["limits"]


@PODS
def test_what_serves_is_watched(pod: Tree) -> None:
    [container] = pod["spec"]["containers"]
    if container["args"][0] != "run":
        assert pod["spec"]["restartPolicy"] == "OnFailure"
        return
    [port] = container["ports"]
    paths = {name: container[f"{name}Probe"]["httpGet"] for name in ("startup", "liveness", "readiness")}
    # A platform that is down makes it unready; only a loop that stands still is a reason to start anew.
    assert {name: each["path"] for name, each in paths.items()} == {
        "startup": "/healthz",
        "liveness": "/healthz",
        "readiness": "/readyz",
    }
    assert {each["port"] for each in paths.values()} == {port["name"]}


def test_what_is_named_is_there() -> None:
    named = {f"ServiceAccount/{pod['spec']['serviceAccountName']}" for pod in pods().values()}
    for pod in pods().values():
        for source in pod["spec"]["containers"][0]["envFrom"]:
            [(kind, reference)] = source.items()
            named.add(f"{ {'configMapRef': 'ConfigMap', 'secretRef': 'Secret'}[kind] }/{reference['name']}")
        mounted = {each["name"] for each in pod["spec"]["containers"][0]["volumeMounts"]}
        assert mounted == {each["name"] for each in pod["spec"]["volumes"]}
        claims = [each["persistentVolumeClaim"] for each in pod["spec"]["volumes"] if "persistentVolumeClaim" in each]
        named |= {f"PersistentVolumeClaim/{each['claimName']}" for each in claims}
    named.add(f"Service/{manifests()['StatefulSet/discord']['spec']['serviceName']}")
    assert named <= manifests().keys()


@pytest.mark.parametrize(
    "name", [name for name in manifests() if name.startswith(("Service/", "PodDis", "NetworkPol"))]
)
def test_what_selects_finds_its_pods(name: str) -> None:
    spec = manifests()[name]["spec"]
    chosen: Any = spec.get("selector", spec.get("podSelector"))
    wanted = chosen.get("matchLabels", {}) if "matchLabels" in chosen or not chosen else chosen
    found = [each for each, pod in pods().items() if wanted.items() <= pod["metadata"]["labels"].items()]
    assert len(found) == (len(pods()) if not wanted else 1)


def test_each_workload_selects_its_own_pods() -> None:
    for name, pod in pods().items():
        selector = manifests()[name]["spec"].get("selector")
        if selector is not None:
            assert selector["matchLabels"] == pod["metadata"]["labels"]


def test_there_is_a_pod_for_every_shard() -> None:
    spec = manifests()["StatefulSet/discord"]["spec"]
    [shards] = [each["value"] for each in spec["template"]["spec"]["containers"][0]["env"] if "value" in each]
    assert shards == f"$(POD_INDEX)-$(POD_INDEX)/{spec['replicas']}"


def test_the_backup_has_neither_tokens_nor_keys() -> None:
    sources = pods()["CronJob/backup"]["spec"]["containers"][0]["envFrom"]
    assert [each["secretRef"]["name"] for each in sources if "secretRef" in each] == ["steppingstone-database"]
    assert list(manifests()["Secret/steppingstone-database"]["stringData"]) == ["STEPPINGSTONE_DATABASE_URL"]


def test_the_example_of_a_secret_is_none() -> None:
    values = manifests()["Secret/steppingstone"]["stringData"]
    with pytest.raises(ValueError, match="sample"):
        Keyring.parse(values["STEPPINGSTONE_KEYS"])


def test_only_slack_s_events_come_in_from_outside() -> None:
    [rule] = manifests()["Ingress/slack"]["spec"]["rules"]
    [path] = rule["http"]["paths"]
    assert (path["path"], path["pathType"]) == (EVENTS_PATH, "Exact")
