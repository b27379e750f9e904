"""The platform on Google Cloud; the only folder that knows pulumi_gcp."""
