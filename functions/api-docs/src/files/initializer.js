// A separate file, because the page's Content-Security-Policy forbids inline scripts.
SwaggerUIBundle({
  // Relative to the page.
  url: "openapi.json",
  dom_id: "#documentation",
  deepLinking: true,
  displayRequestDuration: true,
  // Operations show their schemas, so the list of all schemas starts collapsed.
  defaultModelsExpandDepth: 0,
  supportedSubmitMethods: ["get", "head", "options"],
  // A validator would send the document to another site.
  validatorUrl: null,
});
