"""The appliance on the desk."""
