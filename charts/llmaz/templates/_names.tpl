{{/* Labels of every object. */}}
{{- define "llmaz.labels" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/part-of: llmaz
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end }}

{{/* Labels by which Pods are selected: never changed by an upgrade. */}}
{{- define "llmaz.selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{- define "llmaz.image" -}}
{{ with .root.Values.images.registry }}{{ . }}/{{ end }}{{ .image.repository }}:{{ .image.tag | default .root.Chart.AppVersion }}
{{- end }}

{{- define "llmaz.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "llmaz.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{/* Whom the operator asks for seeds: the named scheduler, or the one that this chart installs. */}}
{{- define "llmaz.schedulerAddress" -}}
{{- if .Values.p2p.scheduler }}{{ .Values.p2p.scheduler }}
{{- else if eq .Values.scheduler.kind "llmaz" }}{{ .Values.scheduler.clusterIP | default (printf "llmaz-scheduler.%s.svc" .Release.Namespace) }}:8002
{{- end }}
{{- end }}

{{- define "llmaz.gatewayAddress" -}}
http://{{ .Values.gateway.clusterIP | default (printf "llmaz-gateway.%s.svc" .Release.Namespace) }}:8088
{{- end }}
