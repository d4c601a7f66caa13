"""What a schema cannot say of a Kubernetes manifest: that its parts fit together.

Selectors find pods, volumes and ports that are named exist, every pod is an ordinary user's, and
every container has limits. Prints a line, or what does not fit; then it ends with 1.
"""

import sys

import yaml


def pod_of(resource):
    """The pod template of a Deployment or Job; None for others."""
    return resource["spec"].get("template") if resource["kind"] in ("Deployment", "Job") else None


def fits(selector, labels):
    """Whether a selector's labels are all among a pod's."""
    return selector.items() <= labels.items()


class Manifest:
    """All resources of a file."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.resources = [each for each in yaml.safe_load_all(file) if each]
        self.pods = [(each, pod_of(each)) for each in self.resources if pod_of(each)]
        # Made by hand, as docs/clusters.md says.
        self.names = {(each["kind"], each["metadata"]["name"]) for each in self.resources}
        self.secrets = {"peerless-keys"}

    def troubles(self):
        """Every part that does not fit, in words."""
        if len(self.names) != len(self.resources):
            yield "two resources have one kind and name"
        for resource in self.resources:
            yield from self.selectors(resource)
        for owner, pod in self.pods:
            where = f"{owner['kind']} {owner['metadata']['name']}"
            for words in [*self.volumes(pod["spec"]), *self.user(pod["spec"])]:
                yield f"{where}: {words}"

    def selectors(self, resource):
        """A selector finds a pod of this file, a service's port a container's."""
        where = f"{resource['kind']} {resource['metadata']['name']}"
        spec = resource["spec"]
        if resource["kind"] == "Deployment":
            if not fits(spec["selector"]["matchLabels"], spec["template"]["metadata"]["labels"]):
                yield f"{where}: its selector does not find its own pods"
        if resource["kind"] == "Service":
            found = [pod for _, pod in self.pods
                     if fits(spec["selector"], pod["metadata"]["labels"])]
            ports = {port["name"] for pod in found for box in pod["spec"]["containers"]
                     for port in box.get("ports", [])}
            for port in spec["ports"]:
                if port["targetPort"] not in ports:
                    yield f"{where}: no pod has a port named {port['targetPort']}"

    def volumes(self, spec):
        """What is mounted is there, and what is there is mounted."""
        made = {volume["name"] for volume in spec.get("volumes", [])}
        boxes = spec["containers"] + spec.get("initContainers", [])
        mounted = {mount["name"] for box in boxes for mount in box.get("volumeMounts", [])}
        if made != mounted:
            yield f"volumes {sorted(made)}, mounts of {sorted(mounted)}"
        for volume in spec.get("volumes", []):
            claim = volume.get("persistentVolumeClaim", {}).get("claimName")
            if claim and ("PersistentVolumeClaim", claim) not in self.names:
                yield f"no claim is called {claim}"
            secret = volume.get("secret", {}).get("secretName")
            if secret and secret not in self.secrets:
                yield f"no secret is called {secret}; known: {sorted(self.secrets)}"

    def user(self, spec):
        """An ordinary user without rights, within limits."""
        if not (spec["securityContext"]["runAsNonRoot"] and spec["securityContext"]["runAsUser"]):
            yield "runs as root"
        for box in spec["containers"] + spec.get("initContainers", []):
            context = box.get("securityContext", {})
            if context.get("allowPrivilegeEscalation") is not False:
                yield f"{box['name']} may escalate privileges"
            if context.get("capabilities", {}).get("drop") != ["ALL"]:
                yield f"{box['name']} keeps capabilities"
            if "memory" not in box.get("resources", {}).get("limits", {}):
                yield f"{box['name']} has no limit of memory"


def main(path):
    """Checks a file."""
    manifest = Manifest(path)
    troubles = list(manifest.troubles())
    for words in troubles:
        print(f"FAIL  {path}: {words}")
    if troubles:
        sys.exit(1)
    print(f"ok    {path}: {len(manifest.resources)} resources fit together")


if __name__ == "__main__":
    main(sys.argv[1])
