"""The platform on Azure; the only folder that knows pulumi_azure_native.

Three habits of that provider shape what is here (pulumi/pulumi-azure-native, provider.go and diff.go, read 2026-11-29):

- A preview of an update knows a resource's inputs, id, name and location again, and no other output. What must not look
  changed for a new tag is made from these alone, or ignores the change and is replaced with its source (`roles.py`).
- A resource that the program names is deleted before its replacement is made; one that the provider names, after.
  Where our own name changes with what replaces, `delete_before_replace=False` says so.
- Names, resource groups and locations replace; of other inputs few do, which `preview/replacements` lists.
"""
