using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Quorate.Hosting.Settings;

namespace Quorate.Hosting.Telemetry;

/// <summary>Sends traces and metrics by OTLP while the host runs; registered only when an endpoint is configured.</summary>
internal sealed class OtlpExport(QuorateOptions options, string service) : IHostedService, IDisposable
{
    private const string MassTransit = "MassTransit";
    private const string Npgsql = "Npgsql";

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        ResourceBuilder resource = ResourceBuilder.CreateDefault().AddService($"quorate-{service}", serviceInstanceId: options.Replica);
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource)
            .AddSource(Instruments.Name, MassTransit, Npgsql).AddOtlpExporter(Configure).Build();
        _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource)
            .AddMeter(Instruments.Name, MassTransit, Npgsql).AddOtlpExporter(Configure).Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    private void Configure(OtlpExporterOptions exporter) => exporter.Endpoint = new Uri(options.OtlpEndpoint);
}
