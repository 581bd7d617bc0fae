# One file, two images:
#   CPU   docker build --build-arg PIP_EXTRA_INDEX_URL=<PyTorch's CPU wheel index> --build-arg TORCH=torch==2.13.0+cpu -t faqbot .
#   CUDA  docker build -t faqbot:cuda .          run with: docker run --gpus all ...
# The index of CPU wheels is named on PyTorch's "Get started" page; without it pip takes the CUDA build.
FROM python:3.11-slim

ARG TORCH=torch==2.13.0
ARG PIP_EXTRA_INDEX_URL=

ENV PYTHONUNBUFFERED=1 \
    FAQBOT_WEB__HOST=0.0.0.0 \
    FAQBOT_STORAGE__DATABASE_URL=sqlite:////data/faqbot.db \
    FAQBOT_ENCODER__CACHE_DIR=/data/models

WORKDIR /app
# Dependencies first: editing the code then leaves these layers in the cache.
# hadolint ignore=DL3013
RUN pip install --no-cache-dir "${TORCH}"
COPY pyproject.toml README.md ./
COPY faqbot/__init__.py faqbot/__init__.py
COPY migrations migrations
COPY knowledge_base knowledge_base
# The versions are those of pyproject.toml.
# hadolint ignore=DL3013
RUN pip install --no-cache-dir ".[channels,compact,postgres]"
COPY faqbot faqbot
COPY config.yaml wsgi.py gunicorn.conf.py ./
# hadolint ignore=DL3013
RUN pip install --no-cache-dir --no-deps --force-reinstall . \
    && useradd --create-home --uid 1000 faqbot \
    && mkdir /data \
    && chown faqbot /data

USER 1000
VOLUME /data
EXPOSE 7860
HEALTHCHECK --start-period=60s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:7860/healthz', timeout=3)"]
CMD ["faqbot", "serve"]
