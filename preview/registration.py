"""From a program's `RegisterResource` message to its goal: inheritance, transforms, options, provider, URN.

Source: pulumi/pkg v3.259.0 resource/deploy/source_eval.go (`RegisterResource`, `inheritFromParent`), read 2026-11-23.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pulumi.runtime.proto.resource_pb2 import TransformRequest, TransformResponse

from preview import options as resource_options
from preview import urn
from preview.goal import Goal
from preview.plan import Resource
from preview.providers import Package, Providers, with_plugin
from preview.wire import from_json, from_struct, plain, to_output_values

if TYPE_CHECKING:
    from pulumi.runtime.proto.callback_pb2 import Callback
    from pulumi.runtime.proto.resource_pb2 import RegisterResourceRequest, TransformResourceOptions

    from preview.callbacks import Callbacks
    from preview.sources import Sources


class Registrar:
    """Knows the parents of one run and what they hand down."""

    def __init__(self, *, providers: Providers, callbacks: Callbacks, sources: Sources) -> None:
        self._providers = providers
        self._callbacks = callbacks
        self._sources = sources
        self._goals: dict[str, Goal] = {}
        self._transforms: dict[str, list[Callback]] = {}
        self.stack_transforms: list[Callback] = []

    def goal(self, request: RegisterResourceRequest) -> Goal:
        """Return what the program wants, after everything that the engine does to a registration."""
        options = self._inherited(request)
        inputs = from_struct(request.object)
        dependencies = {key: set(value.urns) for key, value in request.propertyDependencies.items()}
        if not request.propertyDependencies and not request.remote:
            dependencies = {key: set(request.dependencies) for key in inputs}
        all_dependencies = set(request.dependencies)
        transforms = self._transforms_of(request)
        if transforms:
            inputs, options, dependencies = self._transform(request, inputs, options, dependencies, transforms)
        if request.transforms:  # as the engine does: only a resource's own transforms rewrite its dependencies
            all_dependencies = set(options.depends_on).union(*dependencies.values())
        return self._goal(request, options, inputs, dependencies, all_dependencies)

    def remember(self, goal: Goal, transforms: list[Callback]) -> None:
        """Keep what children inherit of a resource that was registered."""
        self._goals[goal.resource.urn] = goal
        if transforms:
            self._transforms[goal.resource.urn] = transforms

    def _inherited(self, request: RegisterResourceRequest) -> TransformResourceOptions:
        """Return the registration's options with what its parent hands down."""
        options = resource_options.from_request(request)
        parent = self._goals.get(request.parent)
        package = urn.package_of(request.type)
        if parent is not None:
            if not options.deleted_with and parent.resource.deleted_with:
                options.deleted_with = parent.resource.deleted_with
            if not options.HasField("protect") and parent.protect is not None:
                options.protect = parent.protect
            if not options.HasField("retain_on_delete") and parent.retain_on_delete is not None:
                options.retain_on_delete = parent.retain_on_delete
            from_parent = parent.resource.provider
            if not options.provider and from_parent:
                serves = urn.package_of(urn.type_of(urn.provider_urn(from_parent))) == package
                if serves or not (request.custom or request.remote):
                    options.provider = from_parent
        if not options.provider and (request.custom or request.remote):
            options.provider = options.providers.get(package, "") or (
                parent.providers.get(package, "") if parent else ""
            )
        return options

    def _transforms_of(self, request: RegisterResourceRequest) -> list[Callback]:
        """Return the resource's own transforms, then its ancestors', then the stack's."""
        found = list(request.transforms)
        parent: str | None = request.parent
        while parent:
            found += self._transforms.get(parent, [])
            goal = self._goals.get(parent)
            parent = goal.resource.parent if goal else None
        return found + self.stack_transforms

    def _transform(
        self,
        request: RegisterResourceRequest,
        inputs: dict[str, Any],
        options: TransformResourceOptions,
        dependencies: dict[str, set[str]],
        transforms: list[Callback],
    ) -> tuple[dict[str, Any], TransformResourceOptions, dict[str, set[str]]]:
        properties = to_output_values(inputs, dependencies if request.transforms else {})
        for transform in transforms:
            message = TransformRequest(
                type=request.type,
                name=request.name,
                custom=request.custom,
                parent=request.parent,
                properties=properties,
                options=options,
            )
            answer = TransformResponse.FromString(self._callbacks.invoke(transform, message.SerializeToString()))
            properties = answer.properties if answer.HasField("properties") else properties
            options = answer.options if answer.HasField("options") else options
        after = dict[str, set[str]]() if request.transforms else dependencies
        result = {
            key: from_json(plain(value), after.setdefault(key, set())) for key, value in properties.fields.items()
        }
        return result, options, after

    def _goal(
        self,
        request: RegisterResourceRequest,
        options: TransformResourceOptions,
        inputs: dict[str, Any],
        dependencies: Mapping[str, set[str]],
        all_dependencies: set[str],
    ) -> Goal:
        resource = Resource(
            urn=urn.make(self._providers.stack, self._providers.project, request.parent, request.type, request.name),
            type=request.type,
            custom=request.custom,
            parent=request.parent or None,
            inputs=with_plugin(inputs, self._package(request, options)) if urn.is_provider(request.type) else inputs,
            provider=self._provider(request, options),
            dependencies=tuple(sorted(all_dependencies)),
            property_dependencies={key: tuple(sorted(urns)) for key, urns in dependencies.items()},
            source=self._sources.of(request),
        )
        return Goal(
            resource=resource_options.applied(options, resource),
            aliases=tuple(options.aliases),
            protect=options.protect if options.HasField("protect") else None,
            retain_on_delete=options.retain_on_delete if options.HasField("retain_on_delete") else None,
            providers=self._providers_for_children(request, options),
            import_id=getattr(options, "import"),
            remote=request.remote,
        )

    def _provider(self, request: RegisterResourceRequest, options: TransformResourceOptions) -> str | None:
        if not request.remote and (not request.custom or urn.is_provider(request.type)):
            return None
        return options.provider or self._providers.default(self._package(request, options))

    def _package(self, request: RegisterResourceRequest, options: TransformResourceOptions) -> Package:
        if request.packageRef:
            return self._providers.package(request.packageRef)
        name = urn.package_of(request.type)
        return Package(name=name, version=options.version, download_url=options.plugin_download_url)

    def _providers_for_children(
        self, request: RegisterResourceRequest, options: TransformResourceOptions
    ) -> Mapping[str, str]:
        if request.custom:
            return {}
        parent = self._goals.get(request.parent)
        return {**(parent.providers if parent else {}), **options.providers}
