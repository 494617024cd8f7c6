using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Quorate.Hosting.Settings;
using Quorate.Hosting.Telemetry.Metrics;
using Quorate.Hosting.Telemetry.Tracing;

namespace Quorate.Hosting.Telemetry;

/// <summary>
/// Sends traces and metrics by OTLP while the host runs, if an endpoint is set: by OpenTelemetry's own variables, which mean what its
/// specification says, or by <c>Quorate:OtlpEndpoint</c>, which goes before <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.
/// </summary>
internal sealed class OtlpExport(QuorateOptions options, IConfiguration configuration, Instruments instruments, Gauges gauges) : IHostedService, IDisposable
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string TracesEndpoint = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
    private const string MetricsEndpoint = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
    private const string Sampler = "OTEL_TRACES_SAMPLER";

    private const string MassTransit = "MassTransit";
    private const string Npgsql = "Npgsql";
    private const string AspNetCore = "Microsoft.AspNetCore";

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        IConfiguration settings = Settings(options, configuration);
        if (Sends(settings, TracesEndpoint))
        {
            TracerProviderBuilder traces = OpenTelemetry.Sdk.CreateTracerProviderBuilder()
                .ConfigureServices(services => services.AddSingleton(settings))
                .ConfigureResource(Describe)
                .AddSource(Instruments.Name, MassTransit, Npgsql, AspNetCore);
            _traces = (settings[Sampler] is null ? traces.SetSampler(new ParentBasedSampler(new RootSampler())) : traces).AddOtlpExporter(exporter => Configure(exporter, settings[TracesEndpoint])).Build();
        }
        if (Sends(settings, MetricsEndpoint))
        {
            _metrics = OpenTelemetry.Sdk.CreateMeterProviderBuilder()
                .ConfigureServices(services => services.AddSingleton(settings))
                .ConfigureResource(Describe)
                .AddMeter(Instruments.Name, MassTransit, Npgsql)
                .AddView(instrument => IsForeign(instrument) ? MetricStreamConfiguration.Drop : null)
                .AddOtlpExporter(exporter => Configure(exporter, settings[MetricsEndpoint])).Build();
            instruments.BeginAtZero();
        }
        // Only named, so that they are there: the exporter asks the meter.
        _ = gauges;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    /// <summary>The host's settings, with ours where OpenTelemetry looks for it.</summary>
    private static IConfiguration Settings(QuorateOptions options, IConfiguration configuration)
    {
        ConfigurationBuilder settings = new();
        settings.AddConfiguration(configuration);
        if (options.OtlpEndpoint.Length > 0)
        {
            settings.AddInMemoryCollection(new Dictionary<string, string?> { [Endpoint] = options.OtlpEndpoint });
        }
        return settings.Build();
    }

    /// <summary>True when there is somewhere to send to.</summary>
    private static bool Sends(IConfiguration settings, string endpoint) =>
        !string.IsNullOrWhiteSpace(settings[Endpoint]) || !string.IsNullOrWhiteSpace(settings[endpoint]);

    /// <summary>The exporter reads all but the addresses of one signal alone by itself; such an address is used as it is, with no path added.</summary>
    private static void Configure(OtlpExporterOptions exporter, string? endpoint)
    {
        if (Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? address))
        {
            exporter.Endpoint = address;
        }
    }

    /// <summary>Our names first, the environment's after: what an operator sets there (<c>OTEL_SERVICE_NAME</c>, <c>OTEL_RESOURCE_ATTRIBUTES</c>) counts.</summary>
    private void Describe(ResourceBuilder resource) => resource
        .AddService($"quorate-{instruments.Component}", serviceInstanceId: options.Replica).AddEnvironmentVariableDetector();

    /// <summary>True for the meter of another host of this process, which sends by itself.</summary>
    private bool IsForeign(Instrument instrument) => instrument.Meter.Name == Instruments.Name && instrument.Meter != instruments.Meter;
}
