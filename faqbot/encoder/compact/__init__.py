"""The compact model, built from the weights in an installed package."""
