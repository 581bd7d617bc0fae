"""What replies hold: the models behind the OpenAPI document, against which every reply is checked on its way out."""
