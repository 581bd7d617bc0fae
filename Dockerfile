# One file, two images:
#   CPU   docker build --build-arg PIP_EXTRA_INDEX_URL=<PyTorch's CPU wheel index> --build-arg TORCH=torch==2.13.0+cpu -t faqbot .
#   CUDA  docker build -t faqbot:cuda .          run with: docker run --gpus all ...
# It writes to /data and /tmp alone and needs no right of its user:
#   docker run --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges -v faqbot-data:/data ...
# The index of CPU wheels is named on PyTorch's "Get started" page; without it pip takes the CUDA build.
#
# The base is pinned by its release. To pin its very bytes, take the digest that
# `docker buildx imagetools inspect python:3.11.14-slim-bookworm` prints, and build with
# --build-arg PYTHON_IMAGE=python:3.11.14-slim-bookworm@sha256:...
ARG PYTHON_IMAGE=python:3.11.14-slim-bookworm

FROM ${PYTHON_IMAGE} AS wheel
WORKDIR /source
COPY dependencies/build.txt dependencies/build.txt
RUN pip install --no-cache-dir --no-deps --require-hashes --only-binary :all: -r dependencies/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY migrations migrations
COPY knowledge_base knowledge_base
COPY faqbot faqbot
RUN pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheels .

FROM ${PYTHON_IMAGE}
# The release of dependencies/torch.txt, unless another build of it is named.
ARG TORCH=
ARG PIP_EXTRA_INDEX_URL=

ENV PYTHONUNBUFFERED=1 \
    FAQBOT_WEB__HOST=0.0.0.0 \
    FAQBOT_STORAGE__DATABASE_URL=sqlite:////data/faqbot.db \
    FAQBOT_ENCODER__CACHE_DIR=/data/models

WORKDIR /app
# Dependencies first, as locked: editing the code then leaves these layers in the cache.
COPY dependencies/run.txt dependencies/torch.txt dependencies/
RUN pip install --no-cache-dir --no-deps --require-hashes --only-binary :all: -r dependencies/run.txt \
    && pip install --no-cache-dir "${TORCH:-$(cat dependencies/torch.txt)}"
COPY --from=wheel /wheels /wheels
RUN pip install --no-cache-dir --no-deps --no-index /wheels/*.whl \
    && rm -r /wheels \
    && useradd --create-home --uid 1000 faqbot \
    && mkdir /data \
    && chown faqbot /data \
    && chmod 700 /data
COPY config.yaml wsgi.py gunicorn.conf.py ./

USER 1000
VOLUME /data
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:7860/healthz', timeout=3)"]
CMD ["faqbot", "serve"]
