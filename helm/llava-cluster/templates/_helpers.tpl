{{- define "llava.fullname" -}}
{{- $name := .Values.fullnameOverride | default .Release.Name -}}
{{- if gt (len $name) 43 }}{{ fail (printf "fullnameOverride or the release's name must have at most 43 characters, not %d: %s" (len $name) $name) }}{{ end -}}
{{- if not (regexMatch "^[a-z]([a-z0-9-]*[a-z0-9])?$" $name) }}{{ fail (printf "fullnameOverride or the release's name must be lower-case letters, digits and '-', the first a letter: %s" $name) }}{{ end -}}
{{- $name -}}
{{- end }}

{{- define "llava.selector" -}}
app.kubernetes.io/name: llava-cluster
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .role }}
{{- end }}

{{- define "llava.labels" -}}
{{ include "llava.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{/* The arguments are root, role and the role's or pool's values. */}}
{{- define "llava.image" -}}
{{ .root.Values.image.repository }}/{{ .role }}:{{ .of.imageTag | default .root.Values.image.tag | default .root.Chart.AppVersion }}
{{- end }}

{{/*
The Deployments of a role as JSON, which fromJsonArray reads: pool (empty for the role's own), name and values. The arguments are
root and role.
*/}}
{{- define "llava.pools" -}}
{{- $name := printf "%s-%s" (include "llava.fullname" .root) .role -}}
{{- $own := omit (index .root.Values .role) "pools" "autoscaling" -}}
{{- $pools := list (dict "pool" "" "name" $name "of" $own) -}}
{{- range $pool, $values := (index .root.Values .role).pools -}}
{{- $of := mergeOverwrite (deepCopy $own) (deepCopy ($values | default dict)) -}}
{{- $pools = append $pools (dict "pool" $pool "name" (printf "%s-%s" $name $pool) "of" $of) -}}
{{- end -}}
{{- toJson $pools -}}
{{- end }}

{{/* Labels of the pods of one Deployment; the arguments are root, role and pool. */}}
{{- define "llava.poolSelector" -}}
{{ include "llava.selector" . }}
llavacluster.org/pool: {{ .pool | default "default" }}
{{- end }}

{{/* Whether an autoscaler decides about a role; the arguments are root and role. */}}
{{- define "llava.scaled" -}}
{{- if ne .role "gateway" -}}
{{- $by := (index .root.Values .role).autoscaling -}}
{{- if $by.by -}}
{{- if gt (int $by.minReplicas) (int $by.maxReplicas) }}{{ fail (printf "%s.autoscaling.minReplicas must be at most %s.autoscaling.maxReplicas, which is %d, not %d" .role .role (int $by.maxReplicas) (int $by.minReplicas)) }}{{ end -}}
{{- if and (eq $by.by "hpa") (eq (int $by.minReplicas) 0) }}{{ fail (printf "%s.autoscaling.minReplicas must be at least 1 with %s.autoscaling.by hpa: only keda scales to zero" .role .role) }}{{ end -}}
true
{{- end -}}
{{- end -}}
{{- end }}

{{/* Whether an autoscaler decides about any role. */}}
{{- define "llava.anyScaled" -}}
{{- range $role := list "vision" "projector" "decoder" }}{{ if include "llava.scaled" (dict "root" $ "role" $role) }}true{{ end }}{{ end -}}
{{- end }}

{{/* Whether a role may have no pod. */}}
{{- define "llava.anyToZero" -}}
{{- range $role := list "vision" "projector" "decoder" }}
{{- if and (include "llava.scaled" (dict "root" $ "role" $role)) (eq (int (index $.Values $role).autoscaling.minReplicas) 0) }}true{{ end }}
{{- end -}}
{{- end }}

{{/* Whether the role looks for others in the cluster, and so asks the API server. */}}
{{- define "llava.looks" -}}
{{- if ne . "vision" }}true{{ end -}}
{{- end }}

{{/* MiB that heap, direct memory, native memory and the JVM itself take together. */}}
{{- define "llava.memory" -}}
{{ add .heap .direct .native 256 }}Mi
{{- end }}

{{/* The source of the model; empty for the test model. */}}
{{- define "llava.modelSource" -}}
{{- $sources := list -}}
{{- if .Values.model.pvc.claimName }}{{ $sources = append $sources "pvc" }}{{ end -}}
{{- if .Values.model.hostPath }}{{ $sources = append $sources "hostPath" }}{{ end -}}
{{- if .Values.model.image }}{{ $sources = append $sources "image" }}{{ end -}}
{{- if .Values.model.init.image }}{{ $sources = append $sources "init" }}{{ end -}}
{{- if gt (len $sources) 1 }}{{ fail (printf "model: only one source may be set, not %s" (join " and " $sources)) }}{{ end -}}
{{- if and .Values.model.init.image (not .Values.model.init.command) }}{{ fail "model.init.command must be set together with model.init.image" }}{{ end -}}
{{- join "" $sources -}}
{{- end }}

{{- define "llava.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{/* Its environment, as a ConfigMap's data; the arguments are root, role and of. */}}
{{- define "llava.environment" -}}
{{- if include "llava.looks" .role }}
LLAVA_KUBERNETES_SERVICE_PREFIX: {{ include "llava.fullname" .root }}
LLAVA_KUBERNETES_NAMESPACE: {{ .root.Release.Namespace }}
{{- end }}
LLAVA_DRAIN_TIMEOUT: "{{ .of.drainSeconds }}s"
{{- if eq .role "gateway" }}
{{- /* Balancers and clients send to a pod for a moment after it began to end. */}}
LLAVA_DRAIN_DELAY: 5s
{{- if include "llava.anyScaled" .root }}
LLAVA_SCALING: "true"
LLAVA_SCALING_QUEUE_TIME: "{{ .root.Values.autoscaling.queueSeconds }}s"
LLAVA_KUBERNETES_GATEWAYS_SERVICE: {{ include "llava.fullname" .root }}-gateways
{{- end }}
{{- if include "llava.anyToZero" .root }}
LLAVA_SCALING_MAX_PARKED: "{{ .of.maxParked }}"
{{- end }}
{{- if .of.podDeletionCost }}
LLAVA_KUBERNETES_POD_DELETION_COST: "true"
{{- end }}
{{- end }}
{{- with (get .root.Values.model.fingerprints .role) }}
LLAVA_MODEL_FINGERPRINT: {{ . }}
{{- end }}
{{- range $key, $value := merge (deepCopy .of.env) .root.Values.env }}
{{ $key }}: {{ $value | quote }}
{{- end }}
{{- end }}

{{/* One Deployment; the arguments are root, role, and pool, name and of as llava.pools has them. */}}
{{- define "llava.deployment" -}}
{{- $root := .root -}}
{{- $role := .role -}}
{{- $of := .of -}}
{{- $name := .name -}}
{{- $worker := ne $role "gateway" -}}
{{- $source := include "llava.modelSource" $root -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  namespace: {{ $root.Release.Namespace }}
  labels: {{- include "llava.labels" . | nindent 4 }}
spec:
  {{- /* An autoscaler's number stays when the chart is applied again. */}}
  {{- if or .pool (not (include "llava.scaled" .)) }}
  replicas: {{ $of.replicas }}
  {{- end }}
  selector:
    matchLabels: {{- include "llava.poolSelector" . | nindent 6 }}
  # The others must have found a new pod before an old one goes.
  minReadySeconds: 5
  strategy:
    rollingUpdate: {maxUnavailable: 0, maxSurge: 1}
  template:
    metadata:
      labels:
        {{- include "llava.labels" . | nindent 8 }}
        llavacluster.org/pool: {{ .pool | default "default" }}
      annotations:
        # New pods when the environment changes.
        llavacluster.org/environment: {{ include "llava.environment" . | sha256sum }}
        {{- with $of.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ include "llava.fullname" $root }}-{{ $role }}
      automountServiceAccountToken: {{ include "llava.looks" $role | eq "true" }}
      enableServiceLinks: false
      terminationGracePeriodSeconds: {{ add $of.drainSeconds 15 }}
      {{- with $of.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      {{- with $root.Values.image.pullSecrets }}
      imagePullSecrets:
        {{- range . }}
        - name: {{ . }}
        {{- end }}
      {{- end }}
      securityContext:
        runAsNonRoot: true
        seccompProfile: {type: RuntimeDefault}
      tolerations:
        - {key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: {{ $root.Values.unreachableSeconds }}}
        - {key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute, tolerationSeconds: {{ $root.Values.unreachableSeconds }}}
        {{- with $of.tolerations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with $of.nodeSelector }}
      nodeSelector: {{- toYaml . | nindent 8 }}
      {{- end }}
      topologySpreadConstraints:
        {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
        - maxSkew: 1
          topologyKey: {{ . }}
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels: {{- include "llava.poolSelector" $ | nindent 14 }}
        {{- end }}
      {{- if eq $source "init" }}
      initContainers:
        - name: model
          image: {{ $root.Values.model.init.image }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          command: {{- toYaml $root.Values.model.init.command | nindent 12 }}
          resources:
            requests: {cpu: 100m, memory: 128Mi}
            limits: {memory: 1Gi}
          securityContext: {{- include "llava.containerSecurity" $root | nindent 12 }}
          volumeMounts:
            - {name: model, mountPath: /model}
            - {name: tmp, mountPath: /tmp}
      {{- end }}
      containers:
        - name: {{ $role }}
          image: {{ include "llava.image" . }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          env:
            - name: JDK_JAVA_OPTIONS
              value: -Xmx{{ $of.memory.heap }}m -XX:MaxDirectMemorySize={{ $of.memory.direct }}m
            - name: LLAVA_NODE_ID
              valueFrom: {fieldRef: {fieldPath: metadata.name}}
            {{- if $source }}
            - name: LLAVA_MODEL
              value: /model{{ with $root.Values.model.subPath }}/{{ . }}{{ end }}
            {{- end }}
            {{- if $worker }}
            - {name: LLAVA_PACKED_CACHE, value: /cache}
            {{- else if $of.tenantKeySecret }}
            - name: LLAVA_GATEWAY_TENANT_KEY
              valueFrom: {secretKeyRef: {name: {{ $of.tenantKeySecret }}, key: tenant-key}}
            {{- end }}
          envFrom:
            - configMapRef: {name: {{ $name }}}
          ports:
            - {name: grpc, containerPort: 9000}
            - {name: http, containerPort: 8080}
          # The gRPC port opens when the model is loaded and its health service turns to NOT_SERVING when the process drains.
          startupProbe:
            {{- if $worker }}
            grpc: {port: 9000}
            {{- else }}
            httpGet: {path: /q/health/live, port: http}
            {{- end }}
            periodSeconds: 1
            timeoutSeconds: 5
            failureThreshold: {{ $of.startSeconds }}
          readinessProbe:
            {{- if $worker }}
            grpc: {port: 9000}
            {{- else }}
            httpGet: {path: /q/health/ready, port: http}
            {{- end }}
            periodSeconds: 2
            timeoutSeconds: 5
            failureThreshold: 3
          livenessProbe:
            httpGet: {path: /q/health/live, port: http}
            periodSeconds: 10
            timeoutSeconds: 10
            failureThreshold: 6
          resources:
            requests:
              cpu: {{ $of.cpu.request | quote }}
              memory: {{ include "llava.memory" $of.memory }}
            limits:
              memory: {{ include "llava.memory" $of.memory }}
              {{- with $of.cpu.limit }}
              cpu: {{ . | quote }}
              {{- end }}
              {{- if and $worker $of.gpus }}
              nvidia.com/gpu: {{ $of.gpus }}
              {{- end }}
          securityContext: {{- include "llava.containerSecurity" $root | nindent 12 }}
          volumeMounts:
            - {name: tmp, mountPath: /tmp}
            {{- if $worker }}
            - {name: cache, mountPath: /cache}
            {{- end }}
            {{- if $source }}
            - {name: model, mountPath: /model, readOnly: true}
            {{- end }}
      volumes:
        - {name: tmp, emptyDir: {sizeLimit: 2Gi}}
        {{- if $worker }}
        - name: cache
          {{- if $of.cache.claimName }}
          persistentVolumeClaim: {claimName: {{ $of.cache.claimName }}}
          {{- else if $of.cache.hostPath }}
          hostPath: {path: {{ $of.cache.hostPath }}, type: DirectoryOrCreate}
          {{- else }}
          emptyDir: {sizeLimit: {{ $of.cache.sizeLimit }}}
          {{- end }}
        {{- end }}
        {{- if $source }}
        - name: model
          {{- if eq $source "pvc" }}
          persistentVolumeClaim: {claimName: {{ $root.Values.model.pvc.claimName }}, readOnly: true}
          {{- else if eq $source "hostPath" }}
          hostPath: {path: {{ $root.Values.model.hostPath }}, type: Directory}
          {{- else if eq $source "image" }}
          image: {reference: {{ $root.Values.model.image }}, pullPolicy: {{ $root.Values.image.pullPolicy }}}
          {{- else }}
          emptyDir: {}
          {{- end }}
        {{- end }}
{{- end }}
