using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quorate.Hosting;
using Quorate.Hosting.Settings;
using Quorate.Hosting.Telemetry.Tracing;

namespace Quorate.Tests.Integration.Telemetry;

/// <summary>
/// Source: issue 5, deliverable 7: export by environment variable. A host's settings hold the environment's variables, so these tests set them
/// there; what arrives is what a collector gets, as protobuf, in which texts stand as they are.
/// </summary>
public sealed class When_traces_are_exported : IAsyncLifetime
{
    private readonly ConcurrentQueue<(string Path, string Body)> _received = new();
    private WebApplication? _collector;

    public async Task InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _collector = builder.Build();
        _collector.Urls.Add("http://127.0.0.1:0");
        _collector.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using MemoryStream body = new();
            await request.Body.CopyToAsync(body);
            _received.Enqueue((signal, Encoding.Latin1.GetString(body.ToArray())));
            return Results.Ok();
        });
        await _collector.StartAsync();
    }

    public async Task DisposeAsync() => await _collector!.DisposeAsync();

    [Fact]
    public async Task The_standard_variables_say_where_to_and_as_whom()
    {
        await RunAsync(new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Address, ["OTEL_SERVICE_NAME"] = "named-by-hand" });

        AssertReceived("traces", "named-by-hand");
        AssertReceived("traces", "node lost n2");
        AssertReceived("metrics", "quorate.messages_raised");
    }

    [Fact]
    public async Task The_setting_of_our_own_does_the_same()
    {
        await RunAsync([], new QuorateOptions { OtlpEndpoint = Address });

        AssertReceived("traces", "quorate-scheduler");
        AssertReceived("metrics", "quorate.messages_raised");
    }

    [Fact]
    public async Task One_signal_alone_may_be_sent()
    {
        await RunAsync(new() { ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = $"{Address}/v1/traces" });

        AssertReceived("traces", "node lost n2");
        Assert.DoesNotContain(_received, body => body.Path == "metrics");
    }

    [Fact]
    public async Task Nothing_is_sent_where_that_is_switched_off()
    {
        await RunAsync(new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Address, ["OTEL_SDK_DISABLED"] = "true" });

        Assert.Empty(_received);
    }

    /// <summary>Heartbeats every two seconds of every node would bury what somebody looks for.</summary>
    [Theory]
    [InlineData(ActivityKind.Producer, "Quorate.Contracts.V1:NodeHeartbeat send", true)]
    [InlineData(ActivityKind.Client, "quorate", true)]
    [InlineData(ActivityKind.Server, "Microsoft.AspNetCore.Hosting.HttpRequestIn", true)]
    [InlineData(ActivityKind.Producer, "Quorate.Contracts.V1:EnableService send", false)]
    [InlineData(ActivityKind.Internal, "node lost n2", false)]
    [InlineData(ActivityKind.Internal, "outbox MembershipChanged", false)]
    public void The_rhythm_of_a_cluster_begins_no_trace(ActivityKind kind, string name, bool isRoutine) => Assert.Equal(isRoutine, RootSampler.IsRoutine(kind, name));

    private string Address => _collector!.Urls.Single();

    private static async Task RunAsync(Dictionary<string, string?> variables, QuorateOptions? options = null)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        builder.Configuration.AddInMemoryCollection(variables);
        builder.Services.AddQuorateBus(options ?? new QuorateOptions(), "scheduler");
        IHost host = builder.Build();
        await host.StartAsync();
        Traces.Begin("node lost n2", null)?.Dispose();
        await host.StopAsync();
        // Whatever waits leaves when the host ends.
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    private void AssertReceived(string signal, string text) =>
        Assert.Contains(_received, body => body.Path == signal && body.Body.Contains(text, StringComparison.Ordinal));
}
