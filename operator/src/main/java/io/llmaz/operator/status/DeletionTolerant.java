package io.llmaz.operator.status;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import java.net.HttpURLConnection;

/**
 * A reconciler whose object a user may delete between its look and its write. The API server
 * answers that write with 404, which is no error: there is nothing left to reconcile, so it is
 * neither logged nor tried again. A 404 about anything else stays one. The SDK looks for a
 * reconciler's type at {@link Reconciler} itself: it must be named beside this.
 */
public interface DeletionTolerant<P extends HasMetadata> extends Reconciler<P> {
  @Override
  default ErrorStatusUpdateControl<P> updateErrorStatus(
      P object, Context<P> context, Exception error) {
    boolean gone =
        error instanceof KubernetesClientException answer
            && answer.getCode() == HttpURLConnection.HTTP_NOT_FOUND
            && context.getClient().resource(object).get() == null;
    return gone
        ? ErrorStatusUpdateControl.<P>noStatusUpdate().withNoRetry()
        : ErrorStatusUpdateControl.defaultErrorProcessing();
  }
}
