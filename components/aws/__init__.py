"""The platform on AWS; the only folder that knows pulumi_aws."""
